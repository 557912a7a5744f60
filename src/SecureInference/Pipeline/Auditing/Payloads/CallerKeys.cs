using System.Collections.Concurrent;
using System.Security.Cryptography;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>A key for each caller, in a file each, wrapped by the key that the operator keeps: without its file, nothing of the caller's can be read.</summary>
internal sealed class CallerKeys(string path, byte[] master)
{
    public const int NonceBytes = 12;
    private const int KeyBytes = 32;
    private const int SealBytes = 16;

    /// <summary>So many are kept open; the rest are read again.</summary>
    private const int MaxOpen = 10_000;

    private readonly ConcurrentDictionary<string, byte[]> _open = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Gets how many bytes encryption adds.</summary>
    public static int Overhead => NonceBytes + SealBytes;

    public void Encrypt(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> header, Span<byte> target, int length)
    {
        // In place: the plain text stands where the cipher text will.
        using var cipher = new AesGcm(Find(tag, mayMake: true)!, SealBytes);
        RandomNumberGenerator.Fill(target[..NonceBytes]);
        var text = target.Slice(NonceBytes, length);
        cipher.Encrypt(target[..NonceBytes], text, text, target.Slice(NonceBytes + length, SealBytes), header);
    }

    /// <exception cref="CryptographicException">The key or the entry is another.</exception>
    public byte[]? Decrypt(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> header, ReadOnlySpan<byte> source)
    {
        if (Find(tag, mayMake: false) is not { } key)
        {
            return null;
        }

        return Open(key, header, source);
    }

    /// <summary>Deletes a caller's key.</summary>
    public void Erase(ReadOnlySpan<byte> tag)
    {
        var name = Convert.ToHexStringLower(tag);
        lock (_lock)
        {
            _open.TryRemove(name, out _);
            var file = FileOf(name);
            if (File.Exists(file))
            {
                using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
                {
                    stream.Write(new byte[stream.Length]);
                    stream.Flush(flushToDisk: true);
                }

                File.Delete(file);
            }
        }
    }

    private byte[]? Find(ReadOnlySpan<byte> tag, bool mayMake)
    {
        var name = Convert.ToHexStringLower(tag);
        if (_open.TryGetValue(name, out var key))
        {
            return key;
        }

        lock (_lock)
        {
            if (_open.Count >= MaxOpen)
            {
                _open.Clear();
            }

            var file = FileOf(name);
            key = File.Exists(file) ? Open(master, tag, File.ReadAllBytes(file)) : mayMake ? Make(file, tag) : null;
            if (key is not null)
            {
                _open[name] = key;
            }

            return key;
        }
    }

    private byte[] Make(string file, ReadOnlySpan<byte> tag)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var wrapped = new byte[NonceBytes + KeyBytes + SealBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(master, SealBytes);
        cipher.Encrypt(wrapped.AsSpan(0, NonceBytes), key, wrapped.AsSpan(NonceBytes, KeyBytes), wrapped.AsSpan(NonceBytes + KeyBytes), tag);
        var folder = DiskFolder.Make(path);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Renamed when whole: half a key would lock the caller's payloads away for ever.
        using (var stream = new FileStream(file + ".new", options))
        {
            stream.Write(wrapped);
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: false);
        folder.Sync();
        return key;
    }

    private static byte[] Open(byte[] key, ReadOnlySpan<byte> bound, ReadOnlySpan<byte> source)
    {
        var text = new byte[source.Length - NonceBytes - SealBytes];
        using var cipher = new AesGcm(key, SealBytes);
        cipher.Decrypt(source[..NonceBytes], source[NonceBytes..^SealBytes], source[^SealBytes..], text, bound);
        return text;
    }

    private string FileOf(string name) => Path.Combine(path, $"caller-{name}.key");
}
