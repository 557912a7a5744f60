using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class TrustBundleTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;

    public TrustBundleTests() => _intermediate = _root.CreateIntermediate();

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Parse_RootsAndIntermediatesAndComments_AreToldApart()
    {
        using var other = TestAuthority.CreateRoot("other");

        var bundle = Parse($"# ours\r\n{_intermediate.Pem}Subject: CN = root\n{_root.Pem}\n{other.Pem}\n# end");

        Assert.Equal([_root.Certificate, other.Certificate], bundle.Roots);
        Assert.Equal([_intermediate.Certificate], bundle.Intermediates);
        Assert.True(bundle.HasRoot(_root.Certificate));
        Assert.False(bundle.HasRoot(_intermediate.Certificate));
    }

    [Fact]
    public void Parse_NoRoot_SaysWhatToAdd() => Assert.Contains("Add the root", ProblemOf(_intermediate.Pem), StringComparison.Ordinal);

    [Fact]
    public void Parse_PrivateKey_IsRefused()
    {
        using var leaf = _root.Issue(Leaf.Of(Leaf.Checkout));
        using var key = leaf.GetECDsaPrivateKey();

        Assert.Contains("'PRIVATE KEY'", ProblemOf(_root.Pem + key?.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LeafAmongTheAuthorities_IsRefused()
    {
        using var leaf = _root.Issue(Leaf.Of(Leaf.Checkout));

        Assert.Contains("'CN=client', which is no authority", ProblemOf(_root.Pem + leaf.ExportCertificatePem()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AuthorityWithAWeakKey_IsRefused()
    {
        using var weak = TestAuthority.CreateRoot("weak", rsaBits: 1024);

        Assert.Contains("'CN=weak', which has a weak key", ProblemOf(_root.Pem + weak.Pem), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AuthorityThatMayNotIssue_IsRefused()
    {
        using var limited = TestAuthority.CreateRoot("limited", usage: X509KeyUsageFlags.CrlSign);

        Assert.Contains("'CN=limited', which may not issue", ProblemOf(limited.Pem), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HalfABundle_IsRefused()
    {
        var text = _root.Pem + _intermediate.Pem;

        for (var length = _root.Pem.Length + 30; length < text.Length - 2; length += 7)
        {
            Assert.Contains("'ca.pem'", ProblemOf(text[..length]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("\0\u0001\u0002")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERT-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----")]
    public void Parse_Garbage_IsRefusedByName(string text)
    {
        Assert.Contains("'ca.pem'", ProblemOf(text), StringComparison.Ordinal);
        Assert.Contains("'ca.pem'", ProblemOf(text + "\n" + _intermediate.Pem), StringComparison.Ordinal);
    }

    private static TrustBundle Parse(string text) => TrustBundle.Parse(Encoding.UTF8.GetBytes(text), "ca.pem");

    private static string ProblemOf(string text) => Assert.Throws<InvalidDataException>(() => Parse(text)).Message;
}
