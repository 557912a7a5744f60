using System.Security.Cryptography;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>Signature files whose envelope is not what it should be.</summary>
public sealed class BundleRefusalTests : IDisposable
{
    private readonly KeySigner _publisher = new();

    private Forgery Forge => new(_publisher.Key);

    public void Dispose() => _publisher.Dispose();

    [Theory]
    [InlineData("bundle.v0.3+json", "bundle.v0.2+json", "mediaType")]
    [InlineData("\"signatures\":[{", "\"signatures\":[{\"sig\":\"AAAA\"},{", "more than one signature")]
    [InlineData("\"tlogEntries\":[]", "\"x509CertificateChain\":{\"certificates\":[{\"rawBytes\":\"AAAA\"}]}", "two ways")]
    [InlineData("\"tlogEntries\":[]", "\"tlogEntries\":[{\"a\":1,\"a\":1}]", "twice")]
    [InlineData("\"tlogEntries\":[]", "\"more\":[]", "not known")]
    [InlineData("\"hint\":\"", "\"hint\":\"0", "another key")]
    [InlineData("+json\",\"signatures\"", "+xml\",\"signatures\"", "payloadType")]
    [InlineData("\"keyid\":\"\"", "\"keyid\":\"x\"", "keyid")]
    [InlineData("\"keyid\":\"\"", "\"keyid\":null", null)]
    [InlineData(",\"keyid\":\"\"", "", null)]
    [InlineData("{\"mediaType\"", "{\"mediaType\":1,\"mediaType\"", "no a text")]
    [InlineData("\"payload\":\"", "\"payload\":\" ", "base64")]
    public void Bundle_Changed_IsRefused(string part, string by, string? why)
    {
        var forge = Forge.Add("a");
        forge.ChangeBundle = text => ReplaceFirst(text, part, by);

        if (why is null)
        {
            Assert.NotNull(Verify(forge.Bundle()));
        }
        else
        {
            Refused(forge.Bundle(), why);
        }
    }

    [Fact]
    public void Bundle_WithoutSignatures_IsRefused()
    {
        var forge = Forge.Add("a");
        forge.ChangeBundle = static text => text[..text.IndexOf("[{\"sig\"", StringComparison.Ordinal)] + "[]}}";

        Refused(forge.Bundle(), "no signature");
    }

    [Fact]
    public void Bundle_InTheUrlSafeAlphabet_Holds()
    {
        var forge = Forge.Add("a", "???>>>");
        forge.SubjectName = "\u00FF\u00FE???>>>~~~";
        forge.ChangeBundle = static text => ChangeBase64(text, static base64 => base64.Replace('+', '-').Replace('/', '_'));

        Assert.NotNull(Verify(forge.Bundle()));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("{}")]
    public void Bundle_WithSomethingBehindIt_IsRefusedUnlessItIsSpace(string behind)
    {
        var forge = Forge.Add("a");
        forge.ChangeBundle = text => text + behind;

        if (behind == " ")
        {
            Assert.NotNull(Verify(forge.Bundle()));
        }
        else
        {
            Refused(forge.Bundle(), "malformed");
        }
    }

    [Fact]
    public void Bundle_DeeperThanAnyIs_IsRefused()
    {
        var forge = Forge.Add("a");
        forge.ChangeBundle = static text => ReplaceFirst(text, "\"tlogEntries\":[]", "\"tlogEntries\":" + new string('[', 10_000) + new string(']', 10_000));

        Refused(forge.Bundle(), "malformed");
    }

    [Fact]
    public void Signature_OfTheNumbersAlone_IsRefused()
    {
        var forge = Forge.Add("a");
        forge.Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

        Refused(forge.Bundle(), "does not hold");
    }

    [Fact]
    public void Signature_OfAnotherType_IsRefused()
    {
        var forge = Forge.Add("a");
        forge.SignedType = "text/plain";

        Refused(forge.Bundle(), "does not hold");
    }

    [Fact]
    public void Pae_IsThatOfTheSpecification()
    {
        var expected = SHA256.HashData("DSSEv1 29 http://example.com/HelloWorld 11 hello world"u8);

        Assert.Equal(expected, DssePae.Hash(HashAlgorithmName.SHA256, "http://example.com/HelloWorld", "hello world"u8));
    }

    private static string ReplaceFirst(string text, string part, string by)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        return text[..at] + by + text[(at + part.Length)..];
    }

    private static string ChangeBase64(string text, Func<string, string> change)
    {
        foreach (var member in new[] { "\"payload\":\"", "\"sig\":\"" })
        {
            var from = text.IndexOf(member, StringComparison.Ordinal) + member.Length;
            var to = text.IndexOf('"', from);
            text = text[..from] + change(text[from..to]) + text[to..];
        }

        return text;
    }

    private VerifiedSignature Verify(byte[] bundle)
    {
        using var trust = _publisher.Trust;
        return SignatureVerifier.Verify(SignatureBundle.Parse(bundle), trust, OmsVectors.Time);
    }

    private void Refused(byte[] bundle, string why) =>
        Assert.Contains(why, Assert.Throws<SignatureRefusedException>(() => Verify(bundle)).Message, StringComparison.Ordinal);
}
