using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>Draws salts from the system's generator, many at a time: a call for each would cost as much as a hash.</summary>
internal static class SaltSource
{
    private const int DrawnAtOnce = 64 * PayloadEntry.SaltBytes;

    [ThreadStatic]
    private static byte[]? _drawn;

    [ThreadStatic]
    private static int _left;

    public static void Draw(Span<byte> salt)
    {
        var drawn = _drawn ??= new byte[DrawnAtOnce];
        if (_left < salt.Length)
        {
            RandomNumberGenerator.Fill(drawn);
            _left = drawn.Length;
        }

        var next = drawn.AsSpan(drawn.Length - _left, salt.Length);
        next.CopyTo(salt);

        // What is given out stays nowhere else: an erased salt must be gone.
        next.Clear();
        _left -= salt.Length;
    }
}
