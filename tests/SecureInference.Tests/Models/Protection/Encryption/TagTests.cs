using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class TagTests
{
    // Made by another implementation of HPKE, pyca/cryptography 48, for the file key 000102…0f.
    private const string Key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKEKZZNnzXV278GxY
        OCpKhkdNg0YQoblXg0cSUxrc3SyhRANCAAQppkLsOvcP0QbB0DX5HYd26INS1nAi
        9gB7I2ZXLWjwMjA30GLDsz85vOP74MMXQd84B/jI+uY3Em9cMFue2++x
        -----END PRIVATE KEY-----
        """;

    private const string Tag = "lIKFkQ";
    private const string Ephemeral = "BHI/6ub8pHqKmx0kRHLZfqCLxN3fsy5bdDZlExQQKwSKN8IVtsTcx0Yv/Iq1sHsVMkcfSsgFEVoxSQZr/q/jOmA";
    private const string Body = "djIf+lkFc5c/mcuvNQZorPKRF+YwxqEvPBDqkpCc2L8";

    [Fact]
    public async Task FindFileKey_StanzaOfAnotherImplementation_IsOpened()
    {
        using var identity = TagIdentity.ReadPem(Key);

        using var fileKey = await identity.FindFileKeyAsync([Stanza()], CancellationToken.None);

        Assert.Equal("000102030405060708090a0b0c0d0e0f", Convert.ToHexStringLower(fileKey!.Span));
    }

    [Fact]
    public void Recipient_OfTheKey_IsItsCompressedPoint()
    {
        using var identity = TagIdentity.ReadPem(Key);

        Assert.True(Bech32.TryDecode(identity.Recipient.ToString(), out var prefix, out var point));
        Assert.Equal(("age1tag", "0329a642ec3af70fd106c1d035f91d8776e88352d67022f6007b2366572d68f032"), (prefix, Convert.ToHexStringLower(point)));
        Assert.Equal(identity.Recipient.ToString(), TagRecipient.TryParse(identity.Recipient.ToString())?.ToString());
    }

    [Theory]
    [InlineData("age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e", true)]
    [InlineData("age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4f", false)]
    [InlineData("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", false)]
    public void Recipient_Text_IsReadOnlyIfItIsOne(string text, bool isOne) => Assert.Equal(isOne, TagRecipient.TryParse(text) is not null);

    [Fact]
    public async Task FindFileKey_TagOfSomebodyElse_IsPassedOver()
    {
        using var identity = TagIdentity.ReadPem(Key);

        Assert.Null(await identity.FindFileKeyAsync([Stanza() with { Arguments = ["AAAAAA", Ephemeral] }], CancellationToken.None));
    }

    [Fact]
    public async Task FindFileKey_MalformedStanza_IsRefused()
    {
        using var identity = TagIdentity.ReadPem(Key);
        AgeBase64.TryDecode(Ephemeral, out var point);
        point![^1] ^= 1;
        AgeStanza[] malformed =
        [
            Stanza() with { Arguments = [Tag] },
            Stanza() with { Arguments = [Tag, Ephemeral, Tag] },
            Stanza() with { Arguments = [Tag + "AA", Ephemeral] },
            Stanza() with { Arguments = [Tag, Tag] },
            Stanza() with { Arguments = [Tag, AgeBase64.Encode(point)] },
            Stanza() with { Arguments = [Tag, AgeBase64.Encode(new byte[65])] },
            Stanza() with { Body = new byte[31] },
        ];

        foreach (var stanza in malformed)
        {
            var refused = await Assert.ThrowsAsync<AgeException>(async () => await identity.FindFileKeyAsync([stanza], CancellationToken.None));
            Assert.Equal(AgeFailure.Header, refused.Failure);
        }
    }

    [Fact]
    public void ReadPem_KeyOfAnotherCurve_IsRefusedWithoutAWordOfIt()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        var pem = key.ExportPkcs8PrivateKeyPem();

        var refused = Assert.Throws<InvalidDataException>(() => TagIdentity.ReadPem(pem));

        Assert.Contains("P-256", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => TagIdentity.ReadPem(pem.Replace("PRIVATE", "PUBLIC", StringComparison.Ordinal)));
    }

    private static AgeStanza Stanza()
    {
        Assert.True(AgeBase64.TryDecode(Body, out var body));
        return new AgeStanza(TagStanza.Type, [Tag, Ephemeral], body);
    }
}
