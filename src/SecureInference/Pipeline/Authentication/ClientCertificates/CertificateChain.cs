using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Follows a certificate back to one of the team's own roots, and asks the authorities' lists about each step. It never uses the network.</summary>
internal static class CertificateChain
{
    /// <summary>From the leaf to the root. Real ones have three or four.</summary>
    private const int MaxLength = 8;

    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Checks a certificate's chain.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="sent">What the client sent beside it.</param>
    /// <param name="trust">What it is judged by.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">Until when a good chain stays one.</param>
    /// <returns>Why it is no good one, or <see langword="null"/>.</returns>
    /// <exception cref="CryptographicException">A certificate is malformed.</exception>
    public static string? WhyNot(
        X509Certificate2 certificate, X509Certificate2Collection sent, ClientTrust trust, DateTimeOffset now, out DateTimeOffset until)
    {
        until = DateTimeOffset.MaxValue;
        using var chain = new X509Chain { ChainPolicy = CreatePolicy(trust.Bundle, sent, now) };
        var isGood = chain.Build(certificate);
        var elements = chain.ChainElements.Select(static element => element.Certificate).ToArray();
        try
        {
            return !isGood ? ReasonOf(chain.ChainStatus, certificate, now)
                : elements.Length > MaxLength || !trust.Bundle.HasRoot(elements[^1]) ? CertificateReasons.Untrusted
                : !Array.TrueForAll(elements, CertificateRules.HasStrongKey) || !Array.TrueForAll(elements[..^1], CertificateRules.HasStrongSignature) ? CertificateReasons.Weak
                : IsRevoked(elements, trust) ? CertificateReasons.Revoked
                : WhyListed(elements, trust, now, ref until);
        }
        finally
        {
            foreach (var element in elements)
            {
                until = Earlier(until, element.NotAfter);
                element.Dispose();
            }
        }
    }

    private static X509ChainPolicy CreatePolicy(TrustBundle bundle, X509Certificate2Collection sent, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            VerificationTime = now.UtcDateTime,

            // A certificate may name any address to fetch its issuer from: whoever sends one must not make us go there.
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(bundle.Roots);
        policy.ExtraStore.AddRange(bundle.Intermediates);
        policy.ExtraStore.AddRange(sent);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    private static string ReasonOf(X509ChainStatus[] statuses, X509Certificate2 certificate, DateTimeOffset now)
    {
        var all = X509ChainStatusFlags.NoError;
        foreach (var status in statuses)
        {
            all |= status.Status;
        }

        return all switch
        {
            X509ChainStatusFlags.NotTimeValid => now < certificate.NotBefore ? CertificateReasons.NotYetValid : CertificateReasons.Expired,
            X509ChainStatusFlags.NotValidForUsage => CertificateReasons.Usage,
            _ => CertificateReasons.Untrusted,
        };
    }

    /// <summary>Asks the team's own list: an authority on it takes all that it has issued with it.</summary>
    private static bool IsRevoked(X509Certificate2[] elements, ClientTrust trust)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var element in elements)
        {
            SHA256.HashData(element.RawDataMemory.Span, hash);
            if (trust.Revoked.IsCertificateRevoked(hash, subject: null))
            {
                return true;
            }
        }

        return false;
    }

    private static string? WhyListed(X509Certificate2[] elements, ClientTrust trust, DateTimeOffset now, ref DateTimeOffset until)
    {
        for (var index = 0; trust.NeedsLists && index < elements.Length - 1; index++)
        {
            var isKnown = false;
            foreach (var list in trust.Lists)
            {
                if (!list.IsInForce(now) || !list.IsSignedBy(elements[index + 1]))
                {
                    continue;
                }

                if (list.Lists(elements[index]))
                {
                    return CertificateReasons.Revoked;
                }

                isKnown = true;
                until = Earlier(until, list.NextUpdate);
            }

            // Without a list of today nobody knows what was revoked since.
            if (!isKnown)
            {
                return CertificateReasons.RevocationUnknown;
            }
        }

        return null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
