using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class CertificateRevocationsTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _other = TestAuthority.CreateRoot();
    private readonly X509Certificate2 _good;
    private readonly X509Certificate2 _bad;

    public CertificateRevocationsTests()
    {
        _good = _root.Issue(Leaf.Of(Leaf.Checkout));
        _bad = _root.Issue(Leaf.Of(Leaf.Checkout));
        _root.Revoke(_bad);
    }

    public void Dispose()
    {
        _good.Dispose();
        _bad.Dispose();
        _root.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Parse_List_KnowsWhatWasRevokedAndByWhom()
    {
        var list = Parse(_root.List());

        Assert.True(list.Lists(_bad));
        Assert.False(list.Lists(_good));
        Assert.True(list.IsSignedBy(_root.Certificate));
        Assert.True(list.IsSignedBy(_root.Certificate));
        Assert.False(list.IsSignedBy(_other.Certificate));
        Assert.True(list.IsInForce(TimeProvider.System.GetUtcNow()));
        Assert.False(list.IsInForce(TimeProvider.System.GetUtcNow().AddDays(8)));
        Assert.False(list.IsInForce(TimeProvider.System.GetUtcNow().AddDays(-1)));
    }

    [Fact]
    public void Parse_EmptyList_ListsNothing()
    {
        var list = Parse(_other.List());

        Assert.False(list.Lists(_bad));
        Assert.True(list.IsSignedBy(_other.Certificate));
    }

    [Theory]
    [InlineData("SHA256", false)]
    [InlineData("SHA384", false)]
    [InlineData("SHA512", false)]
    [InlineData("SHA256", true)]
    [InlineData("SHA384", true)]
    [InlineData("SHA512", true)]
    public void IsSignedBy_RsaKey_IsChecked(string hash, bool isPss)
    {
        using var authority = TestAuthority.CreateRoot("rsa", rsaBits: 2048);
        using var other = TestAuthority.CreateRoot("rsa", rsaBits: 2048);
        var padding = isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

        Assert.True(Parse(authority.List(hash: new HashAlgorithmName(hash), padding: padding)).IsSignedBy(authority.Certificate));
        Assert.False(Parse(authority.List(hash: new HashAlgorithmName(hash), padding: padding, signedBy: other)).IsSignedBy(authority.Certificate));
    }

    [Theory]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void IsSignedBy_EllipticKey_IsChecked(string hash) =>
        Assert.True(Parse(_root.List(hash: new HashAlgorithmName(hash))).IsSignedBy(_root.Certificate));

    [Fact]
    public void IsSignedBy_AuthorityThatMayNotSignLists_IsNot()
    {
        using var authority = TestAuthority.CreateRoot("limited", usage: X509KeyUsageFlags.KeyCertSign);

        Assert.False(Parse(authority.List()).IsSignedBy(authority.Certificate));
    }

    [Fact]
    public void Parse_Sha1_IsRefused() => Assert.Contains("signed in a way that is not accepted", ProblemOf(_root.List(hash: HashAlgorithmName.SHA1)), StringComparison.Ordinal);

    [Fact]
    public void Parse_Pem_MayHoldSeveral()
    {
        var text = $"# of root\n{PemEncoding.WriteString("X509 CRL", _root.List())}\n\n{PemEncoding.WriteString("X509 CRL", _other.List())}\n";

        Assert.Equal(2, CertificateRevocationsReader.Parse(Encoding.ASCII.GetBytes(text), "list.pem").Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN X509 CRL-----\nMIIB")]
    [InlineData("-----BEGIN X509 CRL-----\n!!!!\n-----END X509 CRL-----")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Parse_NoList_IsRefusedByName(string text) =>
        Assert.StartsWith("The certificate revocation list 'list.crl'", ProblemOf(Encoding.ASCII.GetBytes(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("2.5.29.27", true)] // Only what has changed.
    [InlineData("2.5.29.27", false)]
    [InlineData("2.5.29.28", true)] // Only a part.
    [InlineData("2.5.29.28", false)]
    [InlineData("1.2.3.4", true)]
    public void Parse_ListThatIsNotWhole_IsRefused(string extension, bool isCritical) =>
        Assert.Contains(extension, ProblemOf(Encode(extension, isCritical, entryExtension: null)), StringComparison.Ordinal);

    [Theory]
    [InlineData("2.5.29.29", true)] // Of another authority.
    [InlineData("2.5.29.29", false)]
    [InlineData("1.2.3.4", true)]
    public void Parse_EntryThatIsNotOfThisAuthority_IsRefused(string extension, bool isCritical) =>
        Assert.Contains(extension, ProblemOf(Encode(null, isCritical, extension)), StringComparison.Ordinal);

    [Fact]
    public void Parse_ExtensionThatDoesNotMatter_IsPassedOver() => Assert.NotNull(Parse(Encode("1.2.3.4", isCritical: false, "1.2.3.4")));

    [Fact]
    public void Parse_NoNextUpdate_IsRefused() =>
        Assert.Contains("nextUpdate", ProblemOf(Encode(null, isCritical: false, null, hasNextUpdate: false)), StringComparison.Ordinal);

    [Fact]
    public void Parse_AlgorithmOutsideIsAnother_IsRefused() =>
        Assert.Contains("contradicts itself", ProblemOf(Encode(null, isCritical: false, null, outer: "1.2.840.10045.4.3.3")), StringComparison.Ordinal);

    [Fact]
    public void Parse_EveryTruncationAndEveryFlippedBit_IsRefusedOrNotSigned()
    {
        var good = _root.List();
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => CertificateRevocationsReader.Parse(good[..length], "list.crl"));
        }

        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.False(Parse(bad).IsSignedBy(_root.Certificate));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static CertificateRevocations Parse(byte[] bytes) => Assert.Single(CertificateRevocationsReader.Parse(bytes, "list.crl"));

    private static string ProblemOf(byte[] bytes) => Assert.Throws<InvalidDataException>(() => CertificateRevocationsReader.Parse(bytes, "list.crl")).Message;

    /// <summary>A list that nobody has signed.</summary>
    private static byte[] Encode(string? extension, bool isCritical, string? entryExtension, bool hasNextUpdate = true, string outer = "1.2.840.10045.4.3.2")
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                WriteAlgorithm(writer, "1.2.840.10045.4.3.2");
                writer.WriteEncodedValue(new X500DistinguishedName("CN=root").RawData);
                writer.WriteUtcTime(TimeProvider.System.GetUtcNow());
                if (hasNextUpdate)
                {
                    writer.WriteGeneralizedTime(TimeProvider.System.GetUtcNow().AddDays(1), omitFractionalSeconds: true);
                }

                WriteEntry(writer, entryExtension, isCritical);
                if (extension is not null)
                {
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                    {
                        WriteExtension(writer, extension, isCritical);
                    }
                }
            }

            WriteAlgorithm(writer, outer);
            writer.WriteBitString([1, 2, 3]);
        }

        return writer.Encode();
    }

    private static void WriteEntry(AsnWriter writer, string? extension, bool isCritical)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteInteger(7);
            writer.WriteUtcTime(TimeProvider.System.GetUtcNow());
            if (extension is not null)
            {
                WriteExtension(writer, extension, isCritical);
            }
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string algorithm)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(algorithm);
        }
    }

    private static void WriteExtension(AsnWriter writer, string id, bool isCritical)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(id);
            if (isCritical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString([5, 0]);
        }
    }
}
