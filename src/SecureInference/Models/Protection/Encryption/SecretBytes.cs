using System.Security.Cryptography;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>A few secret bytes: the collector never copies them, and they are wiped when they are not needed any more.</summary>
internal sealed class SecretBytes(int length) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    public Span<byte> Span => _bytes;

    public static SecretBytes Random(int length)
    {
        var bytes = new SecretBytes(length);
        RandomNumberGenerator.Fill(bytes.Span);
        return bytes;
    }

    public static SecretBytes CopyOf(ReadOnlySpan<byte> bytes)
    {
        var copy = new SecretBytes(bytes.Length);
        bytes.CopyTo(copy.Span);
        return copy;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
