using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Base64 as age writes it: standard alphabet, no padding, and one spelling for each value.</summary>
internal static class AgeBase64
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes) => TryDecode(Encoding.ASCII.GetBytes(text), out bytes);

    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;

        // The platform's decoder skips white space, and takes padding.
        if (text.Length % 4 == 1 || text.ContainsAny(" \t\r\n="u8))
        {
            return false;
        }

        var padded = new byte[(text.Length + 3) / 4 * 4];
        text.CopyTo(padded);
        padded.AsSpan(text.Length).Fill((byte)'=');
        var decoded = new byte[padded.Length / 4 * 3];
        if (Base64.DecodeFromUtf8(padded, decoded, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        // A last letter may carry bits that stand for nothing: two spellings of one value.
        var found = decoded[..length];
        if (!Encoding.ASCII.GetBytes(Encode(found)).AsSpan().SequenceEqual(text))
        {
            return false;
        }

        bytes = found;
        return true;
    }
}
