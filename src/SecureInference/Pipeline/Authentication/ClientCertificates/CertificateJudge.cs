using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Says whose a certificate is and whether it is accepted.</summary>
internal sealed class CertificateJudge(ClientTrustStore store, IOptions<ClientCertificateOptions> options, CallerStates states, TimeProvider time)
{
    /// <summary>A refusal is not found out anew with every request: that takes a hundred times what refusing does.</summary>
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(5);

    private readonly AllowedCertificates _allowed = AllowedCertificates.Create(options.Value);

    /// <summary>Judges a certificate.</summary>
    public CertificateVerdict Judge(ShownCertificate shown, ClientTrust trust)
    {
        var now = time.GetUtcNow();
        var reason = WhyNot(shown, trust, now, out var caller, out var until);
        return reason is null
            ? new CertificateVerdict(this, shown, trust, now, until, caller, error: null)
            : new CertificateVerdict(this, shown, trust, now, now + RefusalTime, caller: null, InferenceErrors.CertificateRejected(reason));
    }

    /// <summary>Looks at a certificate again that was judged before.</summary>
    /// <param name="known">The verdict.</param>
    /// <param name="error">The refusal, where nothing may be decided now.</param>
    /// <returns>The same verdict where it still holds.</returns>
    public CertificateVerdict? Again(CertificateVerdict known, out InferenceError? error)
    {
        if (!store.TryGet(out var trust))
        {
            error = InferenceErrors.CredentialsUnavailable;
            return null;
        }

        error = null;
        return known.Holds(trust, time.GetUtcNow()) ? known : Judge(known.Shown, trust);
    }

    private string? WhyNot(ShownCertificate shown, ClientTrust trust, DateTimeOffset now, out Caller? caller, out DateTimeOffset until)
    {
        caller = null;
        until = default;
        try
        {
            var certificate = shown.Certificate;
            if ((CertificateRules.WhyNoClient(certificate) ?? CertificateChain.WhyNot(certificate, shown.Sent, trust, now, out until)) is { } reason)
            {
                return reason;
            }

            // Names last: nobody has vouched for them before.
            if (_allowed.Find(CertificateNames.Read(certificate)) is not { } rights)
            {
                return CertificateReasons.Subject;
            }

            if (trust.Revoked.IsCertificateRevoked(certificate.GetCertHash(HashAlgorithmName.SHA256), rights.Subject))
            {
                return CertificateReasons.Revoked;
            }

            caller = new Caller(rights.Subject, "ClientCertificate", rights.Scopes, states.Get(rights.Subject))
            {
                CredentialId = certificate.GetCertHashString(HashAlgorithmName.SHA256),
                Tier = rights.Tier,
            };
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidDataException)
        {
            return CertificateReasons.Malformed;
        }
    }
}
