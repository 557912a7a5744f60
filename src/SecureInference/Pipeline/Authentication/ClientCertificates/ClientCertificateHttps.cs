using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Has the server ask clients for certificates, and let every one through the handshake: it is judged with each request, which then gets an answer.</summary>
internal sealed class ClientCertificateHttps(ClientTrustStore store, SentCertificates sent) : IHttpsDefaults
{
    public void Configure(HttpsConnectionAdapterOptions https)
    {
        if (!store.IsConfigured)
        {
            return;
        }

        if (https.ClientCertificateMode != ClientCertificateMode.RequireCertificate)
        {
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        }

        https.ClientCertificateValidation = Keep;
        var others = https.OnAuthenticate;
        https.OnAuthenticate = (connection, tls) =>
        {
            others?.Invoke(connection, tls);
            Authenticate(connection, tls);
        };
    }

    private static void Authenticate(ConnectionContext connection, SslServerAuthenticationOptions tls)
    {
        // The handshake builds a chain of its own, before anybody is known. It must not fetch what the certificate names: anybody could
        // make us send requests anywhere.
        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };

        // A session that is taken up again brings the certificate back, but not what was sent beside it.
        tls.AllowTlsResume = false;
    }

    private bool Keep(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        sent.Keep(certificate, chain);
        return true;
    }
}
