using System.Text;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>Clear text is in memory alone, and not for longer than it is used.</summary>
public sealed class ClearTextTests
{
    private static readonly byte[] Marker = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("CLEAR-MODEL-MARKER-5e2a", 20_000)));

    [Fact]
    public async Task Decrypt_WhateverHappens_WritesNoFileAndSaysNoKey()
    {
        using var door = new Door();
        using var key = X25519Identity.Create();
        var file = await Age.EncryptAsync(Marker, key.Recipient);
        byte[] broken = [.. file];
        broken[^1] ^= 1;
        door.Options.Identities.Add(door.Write("key.txt", key.Export()));
        var before = Files(door);

        var clear = await door.DecryptAsync(file);
        var said = await door.RefusalAsync(broken);

        Assert.Equal(Marker, clear);
        Assert.Equal(before, Files(door));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetTempPath()), static path => Holds(path));
        Assert.DoesNotContain(Encoding.ASCII.GetString(key.Export())[X25519Identity.Prefix.Length..], said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("MARKER", said, StringComparison.Ordinal);
    }

    [Fact]
    public void TryOpen_ChunkThatIsNotAuthentic_LeavesZeros()
    {
        using var cipher = ChaCha.Create(new byte[32]);
        var (sealedText, text) = (new byte[1016], Enumerable.Repeat((byte)7, 1000).ToArray());

        Assert.False(cipher.TryOpen(new byte[12], sealedText, text));

        Assert.All(text, static letter => Assert.Equal(0, letter));
    }

    [Fact]
    public void Dispose_Secret_IsZeros()
    {
        var secret = SecretBytes.Random(32);
        var bytes = secret.Span;

        secret.Dispose();

        Assert.False(bytes.ContainsAnyExcept((byte)0));
    }

    private static string[] Files(Door door) => [.. Directory.EnumerateFiles(door.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    // Other tests make and delete files meanwhile.
    private static bool Holds(string path)
    {
        try
        {
            return new FileInfo(path).Length is > 0 and < 1_000_000 && File.ReadAllBytes(path).AsSpan().IndexOf("MARKER-5e2a"u8) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
