using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureInference.TestSupport.Certificates;

/// <summary>An authority that issues certificates, and takes them back.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly DateTimeOffset _now;
    private readonly List<byte[]> _revoked = [];
    private int _listNumber;

    private TestAuthority(X509Certificate2 certificate, AsymmetricAlgorithm key, DateTimeOffset now, TestAuthority? issuer)
    {
        Certificate = certificate;
        _key = key;
        _now = now;
        Issuer = issuer;
    }

    public X509Certificate2 Certificate { get; }

    public TestAuthority? Issuer { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>Makes a root.</summary>
    public static TestAuthority CreateRoot(string name = "root", DateTimeOffset? now = null, int? rsaBits = null, X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)
    {
        var key = CreateKey(rsaBits);
        var time = now ?? TimeProvider.System.GetUtcNow();
        var request = Request(name, key, HashAlgorithmName.SHA256);
        AddAuthority(request, usage);
        return new TestAuthority(request.CreateSelfSigned(time.AddYears(-1), time.AddYears(10)), key, time, issuer: null);
    }

    /// <summary>Makes an authority below this one.</summary>
    public TestAuthority CreateIntermediate(string name = "intermediate", int? rsaBits = null, X509Extension? constraint = null, HashAlgorithmName? hash = null, DateTimeOffset? notAfter = null)
    {
        var key = CreateKey(rsaBits);
        var request = Request(name, key, hash ?? HashAlgorithmName.SHA256);
        AddAuthority(request, X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign);
        if (constraint is not null)
        {
            request.CertificateExtensions.Add(constraint);
        }

        return new TestAuthority(Sign(request, _now.AddMonths(-6), notAfter ?? _now.AddYears(5), hash), key, _now, this);
    }

    /// <summary>Issues a certificate, which has its key.</summary>
    public X509Certificate2 Issue(Leaf leaf)
    {
        using var key = CreateKey(leaf.RsaBits);
        var request = Request(leaf.CommonName, key, leaf.Hash);
        foreach (var extension in leaf.Extensions())
        {
            request.CertificateExtensions.Add(extension);
        }

        using var certificate = Sign(request, leaf.NotBefore ?? _now.AddDays(-1), leaf.NotAfter ?? _now.AddDays(30), leaf.Hash);
        return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
    }

    /// <summary>Makes a certificate that vouches for itself.</summary>
    public static X509Certificate2 IssueSelfSigned(Leaf leaf)
    {
        using var key = CreateKey(leaf.RsaBits);
        var request = Request(leaf.CommonName, key, leaf.Hash);
        foreach (var extension in leaf.Extensions())
        {
            request.CertificateExtensions.Add(extension);
        }

        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    /// <summary>Takes a certificate back: the next list has it.</summary>
    public void Revoke(X509Certificate2 certificate) => _revoked.Add(certificate.SerialNumberBytes.ToArray());

    /// <summary>Makes the list of what was taken back, in DER.</summary>
    public byte[] List(DateTimeOffset? thisUpdate = null, DateTimeOffset? nextUpdate = null, TestAuthority? signedBy = null, RSASignaturePadding? padding = null, HashAlgorithmName? hash = null)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var serial in _revoked)
        {
            builder.AddEntry(serial, _now.AddMinutes(-1), X509RevocationReason.KeyCompromise);
        }

        var signer = signedBy ?? this;
        var identifier = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        var generator = padding is not null ? X509SignatureGenerator.CreateForRSA((RSA)signer._key, padding) : signer.SignerFor(hash);
        return builder.Build(
            Certificate.SubjectName, generator, ++_listNumber, nextUpdate ?? _now.AddDays(7), hash ?? HashAlgorithmName.SHA256, identifier, thisUpdate ?? _now.AddHours(-1));
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static AsymmetricAlgorithm CreateKey(int? rsaBits) => rsaBits is { } bits ? RSA.Create(bits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key, HashAlgorithmName hash) => key is RSA rsa
        ? new CertificateRequest($"CN={name}", rsa, hash, RSASignaturePadding.Pkcs1)
        : new CertificateRequest($"CN={name}", (ECDsa)key, hash);

    private static void AddAuthority(CertificateRequest request, X509KeyUsageFlags usage)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset from, DateTimeOffset until, HashAlgorithmName? hash)
    {
        // Says which of several authorities of one name it was.
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(Certificate.SubjectName, SignerFor(hash), from, until, RandomNumberGenerator.GetBytes(16));
    }

    private X509SignatureGenerator SignerFor(HashAlgorithmName? hash) => _key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : hash == HashAlgorithmName.SHA1 ? new Sha1Signer((ECDsa)_key) : X509SignatureGenerator.CreateForECDsa((ECDsa)_key);
}
