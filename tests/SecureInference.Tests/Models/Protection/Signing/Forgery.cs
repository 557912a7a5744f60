using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>Makes signatures from the specification alone, also wrong ones that are signed correctly.</summary>
internal sealed class Forgery(ECDsa key)
{
    public const string PayloadType = "application/vnd.in-toto+json";

    public string SubjectName { get; set; } = "model";

    public string Method { get; set; } = "files";

    public string? ShardSize { get; set; }

    public string HashType { get; set; } = "sha256";

    public string Links { get; set; } = "false";

    public string? Root { get; set; }

    public List<(string Name, string Algorithm, string Digest)> Resources { get; } = [];

    public Func<string, string> ChangeStatement { get; set; } = static text => text;

    public Func<string, string> ChangeBundle { get; set; } = static text => text;

    public string? SignedType { get; set; }

    public DSASignatureFormat Format { get; set; } = DSASignatureFormat.Rfc3279DerSequence;

    public Forgery Add(string name, string content = "content", string? digest = null, string algorithm = "sha256")
    {
        Resources.Add((name, algorithm, digest ?? Hex(SHA256.HashData(Encoding.UTF8.GetBytes(content)))));
        return this;
    }

    public string Statement()
    {
        var root = Root ?? Hex(SHA256.HashData(Resources.SelectMany(static resource => TryBytes(resource.Digest)).ToArray()));
        var resources = string.Join(',', Resources.Select(static resource =>
            $$"""{"name":{{JsonValue.Create(resource.Name).ToJsonString()}},"algorithm":"{{resource.Algorithm}}","digest":"{{resource.Digest}}"}"""));
        var size = ShardSize is null ? "" : $"""
            ,"shard_size":{ShardSize}
            """;
        return ChangeStatement($$$$"""
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"{{{{SubjectName}}}}","digest":{"sha256":"{{{{root}}}}"}}],"predicateType":"https://model_signing/signature/v1.0","predicate":{"serialization":{"method":"{{{{Method}}}}","hash_type":"{{{{HashType}}}}","allow_symlinks":{{{{Links}}}}{{{{size}}}}},"resources":[{{{{resources}}}}]}}
            """);
    }

    public byte[] Bundle() => Bundle(Encoding.UTF8.GetBytes(Statement()));

    public byte[] Bundle(byte[] payload)
    {
        var signature = key.SignData(Pae(SignedType ?? PayloadType, payload), HashOf(key), Format);
        return Encoding.UTF8.GetBytes(ChangeBundle($$$$"""
            {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"{{{{HintOf(key)}}}}"},"tlogEntries":[]},"dsseEnvelope":{"payload":"{{{{Convert.ToBase64String(payload)}}}}","payloadType":"{{{{PayloadType}}}}","signatures":[{"sig":"{{{{Convert.ToBase64String(signature)}}}}","keyid":""}]}}
            """));
    }

    public static string HintOf(ECDsa key) => Hex(SHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n")));

    public static byte[] Pae(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} ")), .. payload];

    public static HashAlgorithmName HashOf(ECDsa key) => key.KeySize switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] TryBytes(string digest) => digest.Length % 2 == 0 ? Convert.FromHexString(digest) : [];
}
