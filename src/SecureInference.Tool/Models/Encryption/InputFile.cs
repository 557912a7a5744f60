using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>Opens the file that a command works on, and says in words why it is refused.</summary>
internal static class InputFile
{
    private const int BufferSize = 1 << 20;

    /// <exception cref="FileTroubleException">It cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, BufferSize = BufferSize, Options = FileOptions.SequentialScan });
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileTroubleException($"The file '{path}' does not exist. Check the path.", missing);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new FileTroubleException($"The file '{path}' cannot be read: {broken.Message.TrimEnd('.')}. Check the path, and that you may read it.", broken);
        }
    }

    public static bool IsEncrypted(FileStream file)
    {
        var start = new byte[AgeArmor.MaxPreamble];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return AgeFile.IsEncrypted(start.AsSpan(0, length));
    }

    /// <summary>Opens the header of an encrypted file.</summary>
    /// <exception cref="RefusedException">It is not encrypted, or not for these keys, or was changed.</exception>
    public static Task<OpenedAgeFile> OpenHeaderAsync(string path, FileStream file, IdentitySet identities, CancellationToken cancellationToken) =>
        !IsEncrypted(file)
            ? throw new RefusedException($"'{path}' is not encrypted. Check the path.")
            : ReadAsync(path, identities, () => AgeFile.OpenAsync(file, identities.Identities, cancellationToken));

    /// <exception cref="RefusedException">The file is not sound, or the keys do not open it.</exception>
    public static async Task<T> ReadAsync<T>(string path, IdentitySet identities, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (AgeException refused) when (refused.Failure == AgeFailure.NoMatch)
        {
            var problems = identities.Identities.OfType<KeyServiceIdentity>().SelectMany(static service => service.Problems);
            throw new RefusedException($"None of the keys opens '{path}': {string.Join("; ", [refused.Message, .. problems])}. Name the right one with --identity.", refused);
        }
        catch (AgeException refused)
        {
            throw new RefusedException($"'{path}' is refused: {refused.Message}. Copy it again from where it was made.", refused);
        }
    }
}
