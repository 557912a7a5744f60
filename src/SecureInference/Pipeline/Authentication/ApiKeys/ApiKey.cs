using System.Buffers;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The form of a key: <c>si_ENV_ID_SECRETCRC</c>, where the checksum covers all before it.</summary>
internal readonly ref struct ApiKey
{
    public const string Live = "live";
    public const string Test = "test";

    /// <summary>43 base62 digits hold 256 bits.</summary>
    public const int SecretLength = 43;

    private const string Prefix = "si_";
    private const int EnvironmentLength = 4;
    private const int IdLength = 12;

    private const int ChecksumLength = 6;
    private const int IdStart = 3 + EnvironmentLength + 1;
    private const int SecretStart = IdStart + IdLength + 1;
    private const int Length = SecretStart + SecretLength + ChecksumLength;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> Base62 = SearchValues.Create(Digits);

    private ApiKey(ReadOnlySpan<char> text)
    {
        Environment = text.Slice(Prefix.Length, EnvironmentLength);
        Id = text.Slice(IdStart, IdLength);
        Secret = text.Slice(SecretStart, SecretLength);
    }

    public ReadOnlySpan<char> Environment { get; }

    public ReadOnlySpan<char> Id { get; }

    public ReadOnlySpan<char> Secret { get; }

    /// <summary>Says whether a bearer token is meant to be a key.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public static bool TryParse(ReadOnlySpan<char> text, out ApiKey key)
    {
        key = default;
        if (text.Length != Length || !LooksLikeOne(text) || text[IdStart - 1] != '_' || text[SecretStart - 1] != '_')
        {
            return false;
        }

        var isWellFormed = text.Slice(Prefix.Length, EnvironmentLength) is Live or Test
            && !text.Slice(IdStart, IdLength).ContainsAnyExcept(Base62)
            && !text[SecretStart..].ContainsAnyExcept(Base62)
            && ChecksumMatches(text);
        key = isWellFormed ? new ApiKey(text) : default;
        return isWellFormed;
    }

    /// <summary>Makes the id of a new key.</summary>
    public static string CreateId() => RandomNumberGenerator.GetString(Digits, IdLength);

    /// <summary>Makes a key with a secret from the system's random numbers.</summary>
    public static string Create(string environment, string id)
    {
        var head = $"{Prefix}{environment}_{id}_{RandomNumberGenerator.GetString(Digits, SecretLength)}";
        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(head, checksum);
        return string.Concat(head, checksum);
    }

    private static bool ChecksumMatches(ReadOnlySpan<char> text)
    {
        Span<char> expected = stackalloc char[ChecksumLength];
        WriteChecksum(text[..^ChecksumLength], expected);
        return text[^ChecksumLength..].SequenceEqual(expected);
    }

    private static void WriteChecksum(ReadOnlySpan<char> head, Span<char> checksum)
    {
        var value = Crc32.Compute(head);
        for (var index = checksum.Length - 1; index >= 0; index--)
        {
            checksum[index] = Digits[(int)(value % (uint)Digits.Length)];
            value /= (uint)Digits.Length;
        }
    }
}
