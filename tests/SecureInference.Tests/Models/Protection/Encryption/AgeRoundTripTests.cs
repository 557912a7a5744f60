using System.Security.Cryptography;
using System.Text;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class AgeRoundTripTests
{
    public static TheoryData<int> Sizes => [.. Age.Sizes];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Decrypt_EachOfSeveralKinds_OpensWhatWasMadeForAll(int size)
    {
        using var key = X25519Identity.Create();
        using var tag = TagIdentity.ReadPem(Pem());
        using var wrapping = WrappingKey.Create();
        var clear = Age.Clear(size);

        var file = await Age.EncryptAsync(clear, key.Recipient, tag.Recipient, wrapping);

        Assert.Equal(clear, await Age.DecryptAsync(file, key));
        Assert.Equal(clear, await Age.DecryptAsync(file, tag));
        Assert.Equal(clear, await Age.DecryptAsync(file, wrapping));
    }

    [Fact]
    public async Task Decrypt_Passphrase_OpensWhatWasMadeForIt()
    {
        var clear = Age.Clear(100);
        var file = await Age.EncryptAsync(clear, new ScryptRecipient(Passphrase("open"), workFactor: 10));

        Assert.Equal(clear, await Age.DecryptAsync(file, new ScryptIdentity(Passphrase("open"))));
        Assert.Equal(AgeFailure.NoMatch, await Age.FailureAsync(file, new ScryptIdentity(Passphrase("0pen"))));
    }

    [Fact]
    public async Task Encrypt_SameTwice_SharesNothing()
    {
        using var key = X25519Identity.Create();
        var clear = new byte[100];

        var (first, second) = (await Age.EncryptAsync(clear, key.Recipient), await Age.EncryptAsync(clear, key.Recipient));

        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first[Age.HeaderLength(first)..], second[Age.HeaderLength(second)..]);
    }

    [Fact]
    public async Task Encrypt_PassphraseBesideAKey_IsRefused()
    {
        using var key = X25519Identity.Create();

        await Assert.ThrowsAsync<ArgumentException>(() => Age.EncryptAsync([], new ScryptRecipient(Passphrase("open"), workFactor: 1), key.Recipient));
    }

    [Fact]
    public async Task Decrypt_ResultIsExactAndPinned()
    {
        using var key = X25519Identity.Create();
        var file = await Age.EncryptAsync(Age.Clear(123_456), key.Recipient);

        var clear = await Age.DecryptAsync(file, key);

        Assert.Equal(123_456, clear.Length);
        Assert.Equal(GC.MaxGeneration, GC.GetGeneration(clear));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cipher_WithoutThePlatforms_MakesTheSameBytes(int size)
    {
        var (key, nonce, clear) = (Age.Clear(32), Age.Clear(12), Age.Clear(size));
        var (platform, managed, opened) = (new byte[size + 16], new byte[size + 16], new byte[size]);
        using var one = new PlatformChaCha(key);
        using var other = new ManagedChaCha(key);

        one.Seal(nonce, clear, platform);
        other.Seal(nonce, clear, managed);

        Assert.Equal(platform, managed);
        Assert.True(other.TryOpen(nonce, platform, opened));
        Assert.Equal(clear, opened);
        platform[^1] ^= 1;
        Assert.False(other.TryOpen(nonce, platform, opened));
        Assert.All(opened, static zero => Assert.Equal(0, zero));
    }

    private static SecretBytes Passphrase(string text) => SecretBytes.CopyOf(Encoding.UTF8.GetBytes(text));

    private static string Pem()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
