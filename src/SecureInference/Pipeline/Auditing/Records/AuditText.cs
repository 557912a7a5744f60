using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Text in a record: UTF-8 of bounded length. What is longer is cut, and ends in the hash of the whole: two that begin alike stay two.</summary>
internal static class AuditText
{
    private const string Mark = "…sha256:";
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static int Write(string text, Span<byte> target)
    {
        // Where half a pair stands, the replacement character is written.
        if (text.Length <= AuditFormat.MaxTextBytes && Encoding.UTF8.TryGetBytes(text, target[..Math.Min(target.Length, AuditFormat.MaxTextBytes)], out var length))
        {
            return length;
        }

        return Encoding.UTF8.GetBytes(Cut(text), target);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out string? text)
    {
        text = null;
        if (source.IsEmpty || source.Length > AuditFormat.MaxTextBytes)
        {
            return false;
        }

        try
        {
            text = Strict.GetString(source);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Cut(string text)
    {
        var whole = Encoding.UTF8.GetBytes(text);
        var hash = Mark + Convert.ToHexStringLower(SHA256.HashData(whole));
        var kept = AuditFormat.MaxTextBytes - Encoding.UTF8.GetByteCount(hash);

        // Back to where a character begins: a byte that continues one is 10xxxxxx.
        while ((whole[kept] & 0xC0) == 0x80)
        {
            kept--;
        }

        return Encoding.UTF8.GetString(whole, 0, kept) + hash;
    }
}
