using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Writes a signature file.</summary>
internal static class BundleWriter
{
    // Base64 has a plus, which needs no escape outside of HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(IModelSigner signer, ECDsa key, byte[] payload, byte[] signature)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteString("mediaType"u8, SignatureBundle.MediaType);
            json.WriteStartObject("verificationMaterial"u8);
            WriteMaterial(json, signer, key);
            json.WriteStartArray("tlogEntries"u8);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartObject("dsseEnvelope"u8);
            json.WriteBase64String("payload"u8, payload);
            json.WriteString("payloadType"u8, SignatureBundle.PayloadType);
            json.WriteStartArray("signatures"u8);
            json.WriteStartObject();
            json.WriteBase64String("sig"u8, signature);
            json.WriteString("keyid"u8, "");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteMaterial(Utf8JsonWriter json, IModelSigner signer, ECDsa key)
    {
        if (signer.Certificates.Count == 0)
        {
            json.WriteStartObject("publicKey"u8);
            json.WriteString("hint"u8, EllipticKey.HintOf(key));
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject("x509CertificateChain"u8);
        json.WriteStartArray("certificates"u8);
        foreach (var certificate in signer.Certificates)
        {
            json.WriteStartObject();
            json.WriteBase64String("rawBytes"u8, certificate.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
