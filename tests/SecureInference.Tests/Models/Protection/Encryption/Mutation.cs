namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>Changes files at random, in the ways that readers stumble over; the same seed makes the same changes.</summary>
internal sealed class Mutation(int seed, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[][] Words =
    [
        "\n"u8.ToArray(), "\r\n"u8.ToArray(), "-> "u8.ToArray(), "--- "u8.ToArray(), "---"u8.ToArray(), " "u8.ToArray(), "="u8.ToArray(), "X25519"u8.ToArray(), "scrypt"u8.ToArray(), "p256tag"u8.ToArray(),
        "secureinference.dev/kms-v1"u8.ToArray(), "63"u8.ToArray(), "-1"u8.ToArray(), "-----BEGIN AGE ENCRYPTED FILE-----\n"u8.ToArray(), "-----END AGE ENCRYPTED FILE-----\n"u8.ToArray(), [0], [0xFF],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var file = Pick(corpus);
        for (var rounds = _random.Next(1, 5); rounds > 0; rounds--)
        {
            file = Change(file);
        }

        return file;
    }

    private byte[] Change(byte[] file)
    {
        var at = Place(file);
        var end = Math.Min(file.Length, at + _random.Next(1, 70));
        switch (_random.Next(8))
        {
            case 0 when file.Length != 0:
                byte[] flipped = [.. file];
                flipped[Math.Min(at, file.Length - 1)] ^= (byte)(1 << _random.Next(8));
                return flipped;
            case 1:
                return [.. file.AsSpan(0, at), .. file.AsSpan(end)];
            case 2:
                return [.. file.AsSpan(0, end), .. file.AsSpan(at)];
            case 3:
                return file[..at];
            case 4:
                return [.. file.AsSpan(0, at), .. Pick(Words), .. file.AsSpan(at)];
            case 5:
                return [.. file.AsSpan(0, at), .. Pick(Words), .. file.AsSpan(end)];
            case 6:
                var other = Pick(corpus);
                return [.. file.AsSpan(0, at), .. other.AsSpan(Place(other))];
            default:
                var repeated = file[at..end];
                return [.. file.AsSpan(0, at), .. Enumerable.Repeat(repeated, _random.Next(1, 200)).SelectMany(static bytes => bytes), .. file.AsSpan(at)];
        }
    }

    // Most of what is read is the header.
    private int Place(byte[] file) => _random.Next(_random.Next(4) == 0 ? file.Length + 1 : Math.Min(file.Length, 400) + 1);

    private byte[] Pick(IReadOnlyList<byte[]> from) => from[_random.Next(from.Count)];
}
