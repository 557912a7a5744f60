using SecureInference.Models.Protection;

namespace SecureInference.Tests.Models.Protection;

/// <summary>Opens files that begin with a word.</summary>
internal sealed class FakeDecryption : IModelDecryption
{
    private const int Length = 7;

    public int FirstBytes => Length;

    /// <summary>Gets what was decrypted last.</summary>
    public byte[] Last { get; private set; } = [];

    public bool IsEncrypted(ReadOnlySpan<byte> firstBytes) => firstBytes.StartsWith("SECRET:"u8);

    public async ValueTask<ReadFile> DecryptAsync(string model, Stream ciphertext, ModelOptions options, bool withHash, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        ciphertext.Position = 0;
        await ciphertext.CopyToAsync(bytes, cancellationToken);
        Last = bytes.ToArray()[Length..];
        return new ReadFile(Last, Hash: null, IsEncrypted: true);
    }
}
