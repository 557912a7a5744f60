using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Tokens;

/// <summary>The certificate of a server called localhost, and the one authority that vouches for it.</summary>
internal sealed class LoopbackAuthority : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();

    public LoopbackAuthority() => ServerCertificate = _root.Issue(new Leaf { DnsNames = ["localhost"], Purposes = [Leaf.ServerAuthentication] });

    public X509Certificate2 ServerCertificate { get; }

    /// <summary>A handler that trusts this authority, and no other.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _root.Certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    public void Dispose()
    {
        _root.Dispose();
        ServerCertificate.Dispose();
    }
}
