using System.Security.Cryptography.X509Certificates;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class SentCertificatesTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly SentCertificates _sent = new();
    private readonly X509Certificate2 _certificate;

    public SentCertificatesTests() => _certificate = _root.Issue(Leaf.Of(Leaf.Checkout));

    public void Dispose()
    {
        _certificate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Keep_Copies_OutliveTheHandshake()
    {
        var expected = _root.Certificate.RawData;
        using (var copy = X509CertificateLoader.LoadCertificate(expected))
        {
            Keep(copy);
        }

        Assert.Equal(expected, Assert.Single(_sent.Of(_certificate)).RawData);
    }

    [Fact]
    public void Keep_TooManyOrTooLarge_AreLeftOut()
    {
        using var large = _root.Issue(Leaf.Of(Leaf.Checkout) with { More = [new X509Extension("1.2.3.4", new byte[20_000], critical: false)] });

        Keep([large, .. Enumerable.Repeat(_root.Certificate, 20)]);

        Assert.Equal(8, _sent.Of(_certificate).Count);
        Assert.DoesNotContain(large, _sent.Of(_certificate));
    }

    [Fact]
    public void Of_AnotherConnection_HasNone()
    {
        Keep(_root.Certificate);
        using var same = X509CertificateLoader.LoadCertificate(_certificate.RawData);

        Assert.Empty(_sent.Of(same));
    }

    private void Keep(params X509Certificate2[] certificates)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        _sent.Keep(_certificate, chain);
    }
}
