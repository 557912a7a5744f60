using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>What clients sent beside their certificates in the handshake, kept as long as the certificate of the connection is.</summary>
internal sealed class SentCertificates
{
    private const int MaxCertificates = 8;
    private const int MaxBytes = 16 * 1024;
    private readonly ConditionalWeakTable<X509Certificate2, X509Certificate2Collection> _sent = [];

    public X509Certificate2Collection Of(X509Certificate2 certificate) => _sent.TryGetValue(certificate, out var sent) ? sent : [];

    /// <summary>Keeps copies: the handshake disposes what it hands out.</summary>
    public void Keep(X509Certificate2 certificate, X509Chain? chain)
    {
        if (chain is null || chain.ChainPolicy.ExtraStore.Count == 0)
        {
            return;
        }

        var copies = new X509Certificate2Collection();
        foreach (var other in chain.ChainPolicy.ExtraStore)
        {
            if (copies.Count < MaxCertificates && other.RawDataMemory.Length <= MaxBytes)
            {
                copies.Add(X509CertificateLoader.LoadCertificate(other.RawDataMemory.Span));
            }
        }

        _sent.AddOrUpdate(certificate, copies);
    }
}
