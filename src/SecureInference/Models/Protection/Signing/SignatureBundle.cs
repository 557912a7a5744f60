using System.Text.Json;
using System.Text.Unicode;

namespace SecureInference.Models.Protection.Signing;

/// <summary>A signature file: an envelope, and what its sender says of the key. Nothing in it is proven yet.</summary>
internal sealed record SignatureBundle(SignatureMaterial Material, byte[] Payload, byte[] Signature)
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string PayloadType = "application/vnd.in-toto+json";
    public const int MaxLength = 64 << 20;
    public const int MaxPayloadLength = 16 << 20;

    /// <summary>Far above any signature of a curve that is accepted.</summary>
    private const int MaxSignatureLength = 1024;
    private const int MaxShortText = 256;
    private static readonly string[] Members = ["mediaType", "verificationMaterial", "dsseEnvelope"];
    private static readonly string[] EnvelopeMembers = ["payload", "payloadType", "signatures"];
    private static readonly string[] SignatureMembers = ["sig", "keyid"];

    /// <exception cref="SignatureRefusedException">It is none.</exception>
    public static SignatureBundle Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            throw new SignatureRefusedException($"it has more than {MaxLength >> 20} MiB. Sign the model again");
        }

        try
        {
            return Utf8.IsValid(utf8) ? Read(new StrictJson(utf8)) : throw new JsonException("it is no UTF-8");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new SignatureRefusedException($"it is no signature of a model in JSON ({JsonTrouble.Of(exception)}). Copy it again, or sign the model again", exception);
        }
    }

    private static SignatureBundle Read(StrictJson json)
    {
        SignatureMaterial? material = null;
        byte[]? payload = null, signature = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(Members, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    Require(json.Text(MaxShortText), MediaType, "mediaType");
                    break;
                case 1:
                    material = SignatureMaterial.Read(ref json);
                    break;
                case 2:
                    (payload, signature) = ReadEnvelope(ref json);
                    break;
                default:
                    throw new JsonException("it has a member that signatures do not have");
            }
        }

        json.End();
        return seen.Has(0) && material is not null && payload is not null && signature is not null
            ? new SignatureBundle(material, payload, signature)
            : throw new JsonException("it lacks mediaType, verificationMaterial or dsseEnvelope");
    }

    private static (byte[] Payload, byte[] Signature) ReadEnvelope(ref StrictJson json)
    {
        byte[]? payload = null, signature = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(EnvelopeMembers, ref seen, out var name))
        {
            switch (name)
            {
                case 0:
                    payload = json.Bytes(MaxPayloadLength);
                    break;
                case 1:
                    Require(json.Text(MaxShortText), PayloadType, "payloadType");
                    break;
                case 2:
                    signature = ReadSignatures(ref json);
                    break;
                default:
                    throw new JsonException("its envelope has a member that envelopes do not have");
            }
        }

        return payload is { Length: > 0 and <= MaxPayloadLength } && seen.Has(1) && signature is not null
            ? (payload, signature)
            : throw new JsonException("its envelope lacks payload, payloadType or signatures");
    }

    private static byte[] ReadSignatures(ref StrictJson json)
    {
        byte[]? signature = null;
        json.BeginArray();
        while (json.NextElement())
        {
            // Which of several counts is a question that two readers could answer differently.
            signature = signature is null ? ReadSignature(ref json) : throw new JsonException("it has more than one signature, and exactly one is accepted");
        }

        return signature ?? throw new JsonException("it has no signature");
    }

    private static byte[] ReadSignature(ref StrictJson json)
    {
        byte[]? signature = null;
        var seen = default(SeenMembers);
        json.BeginObject();
        while (json.NextMember(SignatureMembers, ref seen, out var name))
        {
            if (name == 0)
            {
                signature = json.Bytes(MaxSignatureLength);
            }
            else if (name < 0 || (json.Kind != JsonTokenType.Null && json.Text(MaxShortText).Length != 0))
            {
                throw new JsonException("its signature has a keyid, or a member that signatures do not have");
            }
        }

        return signature is { Length: > 0 } ? signature : throw new JsonException("its signature lacks sig");
    }

    private static void Require(string found, string wanted, string member)
    {
        if (found != wanted)
        {
            throw new JsonException($"its {member} is not {wanted}");
        }
    }
}
