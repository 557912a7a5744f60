using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.Models.Protection.Signing;

/// <summary>The authorities whose certificates may sign models, and whose of these are accepted.</summary>
internal sealed class CertificateTrust
{
    private const int MaxLength = 8;
    private readonly X509Certificate2Collection _roots = [];
    private readonly X509Certificate2Collection _intermediates = [];

    /// <summary>Gets the subjects, names and keys that are accepted; any where there is none.</summary>
    public IReadOnlyList<string> Signers { get; init; } = [];

    /// <summary>Gets whether the time is the first day of the signer's certificate.</summary>
    public bool AllowExpired { get; init; }

    /// <summary>Adds the authorities of a PEM file, in which text may stand between them.</summary>
    /// <exception cref="SignatureRefusedException">It has no root, or something else than certificates.</exception>
    public CertificateTrust Add(string text)
    {
        try
        {
            foreach (var block in PemBlock.ReadAll(text, "it"))
            {
                var certificate = block.Label == "CERTIFICATE" ? X509CertificateLoader.LoadCertificate(block.Data) : throw new InvalidDataException($"it has a block '{block.Label}'. Leave certificates only in it");
                (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? _roots : _intermediates).Add(certificate);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or CryptographicException)
        {
            throw new SignatureRefusedException(exception is CryptographicException ? "a certificate in it cannot be read. Export it again in PEM" : exception.Message.TrimEnd('.'), exception);
        }

        return _roots.Count != 0 ? this : throw new SignatureRefusedException("it has no root, that is, no certificate that an authority has issued to itself. Add the one that the publishers' certificates go back to");
    }

    /// <summary>Checks the certificate that a signature was made with, and returns it.</summary>
    /// <param name="certificates">In DER, the signer's first.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="SignatureRefusedException">It is none of those that are trusted.</exception>
    public X509Certificate2 Require(IReadOnlyList<byte[]> certificates, DateTimeOffset now)
    {
        var sent = new X509Certificate2Collection();
        try
        {
            foreach (var certificate in certificates)
            {
                sent.Add(X509CertificateLoader.LoadCertificate(certificate));
            }

            if ((SignerCertificate.WhyUnfit(sent[0]) ?? WhyUntrusted(sent[0], sent, now) ?? WhyUnwanted(sent[0])) is { } problem)
            {
                throw new SignatureRefusedException(problem);
            }

            return X509CertificateLoader.LoadCertificate(certificates[0]);
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            throw new SignatureRefusedException("a certificate in it is malformed. Sign the model again", exception);
        }
        finally
        {
            foreach (var certificate in sent)
            {
                certificate.Dispose();
            }
        }
    }

    private string? WhyUntrusted(X509Certificate2 leaf, X509Certificate2Collection sent, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = CreatePolicy(sent, AllowExpired ? leaf.NotBefore.ToUniversalTime() : now.UtcDateTime) };
        var isGood = chain.Build(leaf);
        var elements = chain.ChainElements.Select(static element => element.Certificate).ToArray();
        try
        {
            return !isGood ? ReasonOf(chain.ChainStatus, leaf)
                : elements.Length > MaxLength || !_roots.Any(root => root.RawDataMemory.Span.SequenceEqual(elements[^1].RawDataMemory.Span)) ? Untrusted(leaf)
                : !Array.TrueForAll(elements[..^1], SignerCertificate.HasStrongSignature) ? "a certificate in its chain is signed with a hash that does not hold (SHA-1 or MD5). Have it issued anew, and sign the model again"
                : null;
        }
        finally
        {
            Array.ForEach(elements, static element => element.Dispose());
        }
    }

    private X509ChainPolicy CreatePolicy(X509Certificate2Collection sent, DateTime time)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            VerificationTime = time,

            // A certificate may name any address to fetch its issuer from: whoever signs a file must not make us go there.
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_intermediates);
        policy.ExtraStore.AddRange(sent);
        policy.ApplicationPolicy.Add(new Oid(SignerCertificate.CodeSigning));
        return policy;
    }

    private static string ReasonOf(X509ChainStatus[] statuses, X509Certificate2 leaf)
    {
        var all = X509ChainStatusFlags.NoError;
        Array.ForEach(statuses, status => all |= status.Status);
        return all == X509ChainStatusFlags.NotTimeValid
            ? $"a certificate in its chain is not valid today; that of '{leaf.Subject}' is valid from {leaf.NotBefore.ToUniversalTime():yyyy-MM-dd} to {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}. Have the model signed anew, or set AllowExpiredSigners"
            : Untrusted(leaf);
    }

    private static string Untrusted(X509Certificate2 leaf) =>
        $"the certificate '{leaf.Subject}' does not go back to a root in TrustedCertificates. Add its authority there, with the certificates between them, or have the model signed by a publisher that is trusted";

    private string? WhyUnwanted(X509Certificate2 leaf) => Signers.Count == 0 || SignerCertificate.NamesOf(leaf).Intersect(Signers, StringComparer.Ordinal).Any()
        ? null
        : $"'{leaf.Subject}' is none of TrustedSigners. Add {SignerCertificate.KeyOf(leaf)} there, if this publisher is to be trusted";
}
