using System.Formats.Asn1;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class CertificateNamesTests
{
    private const int Dns = 2;
    private const int Uri = 6;

    [Fact]
    public void Parse_SpiffeIdAmongOthers_IsTheName()
    {
        var names = CertificateNames.Parse(Encode((Dns, "a.example"), (Uri, Leaf.Checkout), (1, "a@example"), (Dns, "B.example")));

        Assert.Equal(Leaf.Checkout, names.SpiffeId);
        Assert.Equal(["a.example", "b.example"], names.DnsNames);
    }

    [Theory]
    [InlineData("*.example")]
    [InlineData("a.*.example")]
    [InlineData("")]
    [InlineData("a..example")]
    [InlineData("a.example.")]
    [InlineData("a b.example")]
    [InlineData("a/b.example")]
    public void Parse_DnsNameThatNamesNoHost_IsPassedOver(string name) =>
        Assert.Equal(["good.example"], CertificateNames.Parse(Encode((Dns, name), (Dns, "good.example"))).DnsNames);

    [Theory]
    [InlineData(Dns, "a.example\0.evil.example")]
    [InlineData(Dns, "a.example\n")]
    [InlineData(Uri, "spiffe://prod/x\0")]
    [InlineData(Uri, "spiffe://prod/x/../y")]
    [InlineData(Uri, "https://a.example")]
    [InlineData(Uri, "")]
    public void Parse_NameThatTwoReadersSeeDifferently_IsRefused(int kind, string name) =>
        Assert.Throws<InvalidDataException>(() => CertificateNames.Parse(Encode((Dns, "good.example"), (kind, name))));

    [Fact]
    public void Parse_TwoUris_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => CertificateNames.Parse(Encode((Uri, Leaf.Checkout), (Uri, Leaf.Checkout))));

    [Theory]
    [InlineData("")]
    [InlineData("3000")] // No name.
    [InlineData("3003820161FF")] // Something after the list.
    [InlineData("3080820161000000")] // A length that is not definite.
    [InlineData("308103820161")] // A length in more bytes than it needs.
    [InlineData("3003A20161")] // A DNS name that is constructed.
    [InlineData("3003890161")] // A kind that there is none of.
    [InlineData("3003020161")] // A number.
    [InlineData("30038201E9")] // Not ASCII.
    [InlineData("3003820261")] // Cut off.
    [InlineData("3103820161")] // A set.
    public void Parse_MalformedNames_AreRefused(string hex) =>
        Assert.Throws<InvalidDataException>(() => CertificateNames.Parse(Convert.FromHexString(hex)));

    [Fact]
    public void Parse_EveryTruncationAndEveryFlippedBit_IsReadOrRefused()
    {
        var good = Encode((Dns, "a.example"), (Uri, Leaf.Checkout), (1, "a@example"));
        var refused = 0;
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => CertificateNames.Parse(good.AsMemory(0, length)));
        }

        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // What is read may be another name, but never one that is none.
                Assert.True(CertificateNames.Parse(bad).SpiffeId is not { } id || SpiffeId.IsValid(id));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, good.Length * 8);
    }

    internal static byte[] Encode(params (int Kind, string Name)[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (kind, name) in names)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, kind));
            }
        }

        return writer.Encode();
    }
}
