using System.Buffers;
using System.Buffers.Text;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Decodes base64, in either alphabet, where it is spelt in the one way there is: no white space, no stray bits.</summary>
internal static class StrictBase64
{
    private const int Quad = 4;

    /// <returns>The bytes, or <see langword="null"/> where it is malformed.</returns>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        var body = text is [.. var two, (byte)'=', (byte)'='] ? two : text is [.. var one, (byte)'='] ? one : text;
        var isUrlSafe = body.ContainsAny((byte)'-', (byte)'_');
        var isPadded = body.Length != text.Length;
        var rest = body.Length % Quad;

        // The standard alphabet is always padded, the other may be.
        if (rest == 1 || ((isPadded || !isUrlSafe) && text.Length % Quad != 0) || body.ContainsAny(" \t\r\n="u8) || HasStrayBits(body, rest))
        {
            return null;
        }

        var bytes = new byte[(body.Length / Quad * 3) + Math.Max(0, rest - 1)];
        var status = isUrlSafe ? Base64Url.DecodeFromUtf8(body, bytes, out _, out var written) : Base64.DecodeFromUtf8(text, bytes, out _, out written);
        return status == OperationStatus.Done && written == bytes.Length ? bytes : null;
    }

    private static bool HasStrayBits(ReadOnlySpan<byte> body, int rest) =>
        rest != 0 && (ValueOf(body[^1]) & (rest == 2 ? 0b1111 : 0b11)) != 0;

    private static int ValueOf(byte character) => (char)character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '+' or '-' => 62,
        _ => 63,
    };
}
