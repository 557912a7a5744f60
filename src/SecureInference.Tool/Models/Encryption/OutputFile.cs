namespace SecureInference.Tool.Models.Encryption;

/// <summary>Writes a file whole or not at all: under a name of its own beside its place, and then renamed.</summary>
internal static class OutputFile
{
    /// <param name="path">Where the file goes.</param>
    /// <param name="isSecret">Whether only its owner may read it.</param>
    /// <param name="mayReplace">Whether a file that is there goes away.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="RefusedException">There is one already.</exception>
    /// <exception cref="FileTroubleException">It cannot be written; nothing of it is left.</exception>
    public static async Task WriteAsync(string path, bool isSecret, bool mayReplace, Func<Stream, Task> write)
    {
        RequireFree(path, mayReplace);
        try
        {
            using var file = new UnfinishedFile(path, isSecret);
            await write(file.Stream);
            RequireFree(path, mayReplace);
            file.Finish(mayReplace);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new FileTroubleException($"The folder of '{path}' does not exist. Make it, or check --output.", missing);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new FileTroubleException($"'{path}' cannot be written: {broken.Message.TrimEnd('.')}. Nothing was changed.", broken);
        }
    }

    /// <exception cref="RefusedException">There is a file already.</exception>
    public static void RequireFree(string path, bool mayReplace)
    {
        if (!mayReplace && Path.Exists(path))
        {
            throw new RefusedException($"'{path}' is there already. Name another file, or write --force to replace it.");
        }
    }
}
