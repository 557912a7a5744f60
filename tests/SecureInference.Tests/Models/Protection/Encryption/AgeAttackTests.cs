using System.Diagnostics;
using System.Text;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>Files that somebody changed: each is refused, and for the right reason.</summary>
public sealed class AgeAttackTests : IDisposable
{
    private readonly X25519Identity _key = X25519Identity.Create();
    private readonly X25519Identity _other = X25519Identity.Create();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Decrypt_AnyByteFlipped_IsRefused()
    {
        var file = await Age.EncryptAsync(Age.Clear(300), _key.Recipient, _other.Recipient);
        var header = Age.HeaderLength(file);

        for (var index = 0; index < file.Length; index++)
        {
            byte[] changed = [.. file];
            changed[index] ^= 0x01;

            var failure = await Age.FailureAsync(changed, _key);

            Assert.NotNull(failure);
            Assert.Equal(index >= header, failure == AgeFailure.Payload);
        }
    }

    [Fact]
    public async Task Decrypt_AnyByteOfALastChunkFlipped_IsRefused()
    {
        var file = await Age.EncryptAsync(Age.Clear(AgeFormat.ChunkSize + 200), _key.Recipient);

        for (var index = file.Length - 216; index < file.Length; index++)
        {
            byte[] changed = [.. file];
            changed[index] ^= 0x80;
            Assert.Equal(AgeFailure.Payload, await Age.FailureAsync(changed, _key));
        }
    }

    [Fact]
    public async Task Decrypt_CutAnywhere_IsRefused()
    {
        var file = await Age.EncryptAsync(Age.Clear(300), _key.Recipient);
        var nonceEnd = Age.HeaderLength(file) + AgeFormat.PayloadNonceSize;

        for (var length = 0; length < file.Length; length++)
        {
            Assert.Equal(length < nonceEnd ? AgeFailure.Header : AgeFailure.Payload, await Age.FailureAsync(file[..length], _key));
        }
    }

    [Fact]
    public async Task Decrypt_ChunksMovedDroppedOrAdded_IsRefused()
    {
        var file = await Age.EncryptAsync(Age.Clear((3 * AgeFormat.ChunkSize) + 5), _key.Recipient);
        var start = Age.HeaderLength(file) + AgeFormat.PayloadNonceSize;
        byte[] Chunk(int index) => file[(start + (index * AgeFormat.SealedChunkSize))..Math.Min(file.Length, start + ((index + 1) * AgeFormat.SealedChunkSize))];
        byte[][] bodies =
        [
            [.. Chunk(1), .. Chunk(0), .. Chunk(2), .. Chunk(3)],
            [.. Chunk(0), .. Chunk(1), .. Chunk(2)],
            [.. Chunk(0), .. Chunk(1), .. Chunk(3)],
            [.. Chunk(0), .. Chunk(1), .. Chunk(1), .. Chunk(2), .. Chunk(3)],
            [.. Chunk(0), .. Chunk(1), .. Chunk(2), .. Chunk(3), 0],
            [.. Chunk(0), .. Chunk(1), .. Chunk(2), .. Chunk(3), .. Chunk(3)],
            [.. Chunk(0), .. Chunk(1), .. Chunk(2)[..^1], .. Chunk(3)],
        ];

        foreach (var body in bodies)
        {
            Assert.Equal(AgeFailure.Payload, await Age.FailureAsync([.. file[..start], .. body], _key));
        }
    }

    [Fact]
    public async Task Decrypt_RecipientTwiceInTheHeader_IsRefusedByItsCode()
    {
        var file = await Age.EncryptAsync([1], _key.Recipient);
        var text = Encoding.Latin1.GetString(file);
        var stanza = text[text.IndexOf("-> ", StringComparison.Ordinal)..text.IndexOf("---", StringComparison.Ordinal)];

        var failure = await Age.FailureAsync(Encoding.Latin1.GetBytes(text.Replace(stanza, stanza + stanza, StringComparison.Ordinal)), _key);

        Assert.Equal(AgeFailure.HeaderMac, failure);
    }

    [Theory]
    [InlineData("recipients")]
    [InlineData("line")]
    [InlineData("body")]
    [InlineData("header")]
    public async Task Decrypt_HeaderLargerThanAllowed_IsRefusedAtOnce(string what)
    {
        var start = "age-encryption.org/v1\n";
        var text = what switch
        {
            "recipients" => start + string.Concat(Enumerable.Repeat("-> X\n\n", 10_000)),
            "line" => start + "-> " + new string('A', 10_000_000) + "\n\n",
            "body" => start + "-> X\n" + string.Concat(Enumerable.Repeat(new string('A', 64) + "\n", 100_000)) + "\n",
            _ => start + string.Concat(Enumerable.Repeat("-> " + new string('A', 8000) + "\n\n", 100)),
        };
        var file = Encoding.ASCII.GetBytes(text + "--- AAAA\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        // From memory, and refused before any worker starts: all of it on this thread.
        var failure = await Age.FailureAsync(file, _key);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 20);
        Assert.Equal(AgeFailure.Header, failure);
    }

    [Theory]
    [InlineData("63", "at most 20")]
    [InlineData("21", "at most 20")]
    [InlineData("99", "at most 20")]
    [InlineData("0", "malformed")]
    public async Task Decrypt_WorkFactorTooHigh_IsRefusedBeforeItIsComputed(string factor, string said)
    {
        var file = Encoding.ASCII.GetBytes($"age-encryption.org/v1\n-> scrypt {new string('A', 22)} {factor}\n{new string('A', 43)}\n--- {new string('A', 43)}\n");
        var clock = Stopwatch.StartNew();

        var refused = await Assert.ThrowsAsync<AgeException>(() => Age.DecryptAsync(file, new ScryptIdentity(SecretBytes.CopyOf("x"u8))));

        Assert.Equal(AgeFailure.Header, refused.Failure);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Decrypt_WrongKey_IsNoMatch_NotCorrupt()
    {
        var file = await Age.EncryptAsync([1], _key.Recipient);

        Assert.Equal(AgeFailure.NoMatch, await Age.FailureAsync(file, _other));
        Assert.Equal(AgeFailure.NoMatch, await Age.FailureAsync(file));
    }

    [Fact]
    public async Task Decrypt_FileOfAnotherVersion_IsEncryptedAndRefused()
    {
        var file = "age-encryption.org/v2\n-> X25519 AAAA\n"u8.ToArray();

        Assert.True(AgeFile.IsEncrypted(file));
        Assert.Equal(AgeFailure.Header, await Age.FailureAsync(file, _key));
    }
}
