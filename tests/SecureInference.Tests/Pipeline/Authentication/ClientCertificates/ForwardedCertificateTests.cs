using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class ForwardedCertificateTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _other;

    public ForwardedCertificateTests()
    {
        _intermediate = _root.CreateIntermediate();
        _certificate = _intermediate.Issue(Leaf.Of(Leaf.Checkout));
        _other = _root.Issue(Leaf.Of("spiffe://prod/ns/shop/sa/other"));
    }

    private string Escaped => Escape(_certificate);

    private string Hash => _certificate.GetCertHashString(HashAlgorithmName.SHA256);

    public void Dispose()
    {
        _certificate.Dispose();
        _other.Dispose();
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void TryParse_EscapedPemAlone_IsRead() => Assert.Equal(_certificate, Parse(Escaped)?.Certificate);

    [Fact]
    public void TryParse_EscapedPemAsNginxWritesIt_IsRead() =>
        Assert.Equal(_certificate, Parse(_certificate.ExportCertificatePem().Replace("\n", "%0A", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal) + "%0A")?.Certificate);

    [Theory]
    [InlineData("Cert=\"{0}\"")]
    [InlineData("cert={0}")]
    [InlineData("Hash={1};Cert=\"{0}\";Subject=\"\";URI=spiffe://prod/x;By=spiffe://prod/y")]
    [InlineData("By=x;Hash={1};Subject=\"CN=a \\\"b\\\", O=c; d\";Cert=\"{0}\";DNS=a.example;DNS=b.example")]
    [InlineData("Cert=\"{2}\";URI=forged, Cert=\"{0}\";URI=x")]
    [InlineData("Cert=\"{2}\",Cert=\"{0}\"")]
    [InlineData("Subject=\",Cert=\\\"{2}\\\"\";Cert=\"{0}\"")]
    public void TryParse_ElementsAsEnvoyWritesThem_TheLastCounts(string format) => Assert.Equal(_certificate, Parse(Format(format))?.Certificate);

    [Fact]
    public void TryParse_Chain_IsWhatWasSent()
    {
        var chain = Escape(_certificate) + Escape(_intermediate.Certificate);

        Assert.Equal([_certificate, _intermediate.Certificate], Parse($"Cert=\"{Escaped}\";Chain=\"{chain}\"")?.Sent);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("x")]
    [InlineData("=")]
    [InlineData("By=spiffe://prod/x;URI=spiffe://prod/ns/shop/sa/checkout")]
    [InlineData("Hash={1}")]
    [InlineData("Hash={1};Cert=\"{2}\"")]
    [InlineData("Hash=;Cert=\"{0}\"")]
    [InlineData("Cert=\"{0}\";Cert=\"{2}\"")]
    [InlineData("Hash={1};Hash={1};Cert=\"{0}\"")]
    [InlineData("Cert=\"{0}\",URI=spiffe://prod/ns/shop/sa/checkout")]
    [InlineData("Cert=\"{0}\",")]
    [InlineData("Cert=\"{0}\";")]
    [InlineData("Cert=\"{0}")]
    [InlineData("Cert=\"{0}\\\"")]
    [InlineData("Cert=\"{0}\\")]
    [InlineData("Cert=\"{0}\"x")]
    [InlineData("Cert={0}\"")]
    [InlineData("Cert=\"\"")]
    [InlineData("Cert=\"{0}{2}\"")]
    [InlineData("{0}{2}")]
    [InlineData("{0},{2}")]
    [InlineData("Cert=\"-----BEGIN%20CERTIFICATE-----%0AAAAA%0A-----END%20CERTIFICATE-----\"")]
    [InlineData("-----BEGIN%20CERTIFICATE-----%0A")]
    [InlineData("-----BEGIN%20X509%20CRL-----%0AAAAA%0A-----END%20X509%20CRL-----")]
    [InlineData("-----BEGIN%20CERTIFICATE-----%ZZ%0A-----END%20CERTIFICATE-----")]
    public void TryParse_Malformed_IsRefused(string format) => Assert.Null(Parse(Format(format)));

    [Fact]
    public void TryParse_TooMuch_IsRefused()
    {
        Assert.Null(Parse($"Cert=\"{Escaped}\";Chain=\"{string.Concat(Enumerable.Repeat(Escape(_intermediate.Certificate), 9))}\""));
        Assert.Null(Parse($"Subject=\"{new string('x', 65_536)}\";Cert=\"{Escaped}\""));
    }

    [Fact]
    public void TryParse_EveryTruncation_IsRefusedOrTheSame()
    {
        var good = $"Hash={Hash};Cert=\"{Escaped}\";Subject=\"a\"";
        for (var length = 0; length < good.Length; length++)
        {
            Assert.True(Parse(good[..length]) is not { } shown || shown.Certificate.Equals(_certificate));
        }
    }

    private static string Escape(X509Certificate2 certificate) => Uri.EscapeDataString(certificate.ExportCertificatePem() + "\n");

    private static ShownCertificate? Parse(string header) => ForwardedCertificate.TryParse(header, out var shown) ? shown : null;

    private string Format(string format) => format
        .Replace("{0}", Escaped, StringComparison.Ordinal).Replace("{1}", Hash, StringComparison.Ordinal).Replace("{2}", Escape(_other), StringComparison.Ordinal);
}
