using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>What a signature says it was made with. Nothing of it is signed: it never says who is trusted.</summary>
internal sealed record SignatureMaterial(SignatureMethod Method)
{
    private const int MaxHint = 256;
    private const int MaxKey = 16 << 10;
    private const int MaxCertificate = 64 << 10;
    private const int MaxCertificates = 16;
    private static readonly string[] Members = ["publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData"];
    private static readonly string[] KeyMembers = ["hint", "rawBytes", "keyDetails", "validFor"];
    private static readonly string[] ChainMembers = ["certificates"];
    private static readonly string[] CertificateMembers = ["rawBytes"];

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the key's PEM, where it is said.</summary>
    public string? Hint { get; init; }

    /// <summary>Gets the key in PEM, where it is said.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Gets the certificates in DER, the signer's first.</summary>
    public IReadOnlyList<byte[]> Certificates { get; init; } = [];

    /// <exception cref="JsonException">It is none.</exception>
    public static SignatureMaterial Read(ref StrictJson json)
    {
        SignatureMaterial? material = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(Members, ref seen, out var name))
        {
            if (name is 0 or 1 or 2 && material is not null)
            {
                throw new JsonException("it names two ways of signing at once");
            }

            switch (name)
            {
                case 0:
                    material = ReadKey(ref json);
                    break;
                case 1:
                    material = new SignatureMaterial(SignatureMethod.Certificate) { Certificates = ReadChain(ref json) };
                    break;
                case 2:
                    material = new SignatureMaterial(SignatureMethod.Sigstore);
                    json.Skip();
                    break;
                case 3 or 4:
                    json.Skip();
                    break;
                default:
                    throw new JsonException("its verificationMaterial has a member that is not known");
            }
        }

        return material ?? throw new JsonException("it names neither a key nor a certificate");
    }

    private static SignatureMaterial ReadKey(ref StrictJson json)
    {
        string? hint = null;
        byte[]? key = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(KeyMembers, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    hint = json.Text(MaxHint);
                    break;
                case 1:
                    key = json.Bytes(MaxKey);
                    break;
                case 2 or 3:
                    json.Skip();
                    break;
                default:
                    throw new JsonException("its publicKey has a member that is not known");
            }
        }

        return new SignatureMaterial(SignatureMethod.Key) { Hint = hint, Key = key };
    }

    private static List<byte[]> ReadChain(ref StrictJson json)
    {
        var certificates = new List<byte[]>();
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(ChainMembers, ref seen, out var name))
        {
            if (name < 0)
            {
                throw new JsonException("its x509CertificateChain has a member that is not known");
            }

            json.BeginArray();
            while (json.NextElement())
            {
                certificates.Add(certificates.Count < MaxCertificates ? ReadCertificate(ref json) : throw new JsonException($"it has more than {MaxCertificates} certificates"));
            }
        }

        return certificates.Count != 0 ? certificates : throw new JsonException("its certificate chain is empty");
    }

    private static byte[] ReadCertificate(ref StrictJson json)
    {
        byte[]? certificate = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(CertificateMembers, ref seen, out var name))
        {
            certificate = name == 0 ? json.Bytes(MaxCertificate) : throw new JsonException("a certificate has a member that is not known");
        }

        return certificate ?? throw new JsonException("a certificate lacks rawBytes");
    }
}
