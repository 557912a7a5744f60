using System.Collections.Frozen;

namespace SecureInference.Pipeline.Authentication.Revocations;

/// <summary>What is revoked, ready to be looked up; it never changes, so that another object is another list.</summary>
internal sealed class RevocationList
{
    private const int ThumbprintDigits = 64;

    private readonly FrozenSet<string> _tokenIds;
    private readonly FrozenSet<(string Issuer, string TokenId)> _tokensOfIssuers;
    private readonly FrozenDictionary<(string Issuer, string Subject), DateTimeOffset> _subjects;
    private readonly FrozenDictionary<string, DateTimeOffset> _issuers;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _certificates;
    private readonly FrozenSet<string> _certificateSubjects;

    private RevocationList(IReadOnlyList<RevocationRow> rows)
    {
        _tokenIds = Texts(rows.Where(static row => row.Issuer is null).Select(static row => row.TokenId));
        _tokensOfIssuers = rows.Where(static row => row is { Issuer: not null, TokenId: not null })
            .Select(static row => (IssuerName.Canonical(row.Issuer ?? ""), row.TokenId ?? "")).ToFrozenSet();
        _subjects = rows.Where(static row => row is { Issuer: not null, TokenSubject: not null })
            .GroupBy(static row => (IssuerName.Canonical(row.Issuer ?? ""), row.TokenSubject ?? "")).ToFrozenDictionary(static group => group.Key, Latest);
        _issuers = rows.Where(static row => row is { Issuer: not null, TokenSubject: null, TokenId: null })
            .GroupBy(static row => IssuerName.Canonical(row.Issuer ?? ""), StringComparer.Ordinal).ToFrozenDictionary(static group => group.Key, Latest, StringComparer.Ordinal);
        _certificates = Texts(rows.Select(static row => row.Certificate is { } thumbprint ? Digits(thumbprint) : null)).GetAlternateLookup<ReadOnlySpan<char>>();
        _certificateSubjects = Texts(rows.Select(static row => row.CertificateSubject));
        Count = rows.Count;
    }

    /// <summary>Gets the list of an app that has none.</summary>
    public static RevocationList Empty { get; } = new([]);

    public int Count { get; }

    /// <summary>Builds the list.</summary>
    /// <exception cref="InvalidDataException">A row is wrong; the message says which and why.</exception>
    public static RevocationList Create(IReadOnlyList<RevocationRow> rows)
    {
        for (var index = 0; index < rows.Count; index++)
        {
            if (Problem(rows[index]) is { } problem)
            {
                throw new InvalidDataException($"The revocation list's row {index + 1} {problem}");
            }
        }

        return new RevocationList(rows);
    }

    /// <summary>Says whether a token is revoked.</summary>
    /// <param name="issuer">Its issuer, by its canonical name.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="tokenId">Its id, where it has one.</param>
    /// <param name="issuedAt">When it was issued; one that does not say so counts as old.</param>
    public bool IsTokenRevoked(string issuer, string subject, string? tokenId, DateTimeOffset? issuedAt)
    {
        if (Count == 0)
        {
            return false;
        }

        return (tokenId is not null && (_tokenIds.Contains(tokenId) || _tokensOfIssuers.Contains((issuer, tokenId))))
            || (_subjects.TryGetValue((issuer, subject), out var before) && IsBefore(issuedAt, before))
            || (_issuers.TryGetValue(issuer, out before) && IsBefore(issuedAt, before));
    }

    /// <summary>Says whether a certificate is revoked.</summary>
    /// <param name="sha256">Its SHA-256.</param>
    /// <param name="subject">The name in it that its caller is known by, where it has one.</param>
    public bool IsCertificateRevoked(ReadOnlySpan<byte> sha256, string? subject)
    {
        if (Count == 0)
        {
            return false;
        }

        Span<char> digits = stackalloc char[ThumbprintDigits];
        return (subject is not null && _certificateSubjects.Contains(subject))
            || (Convert.TryToHexString(sha256, digits, out var length) && _certificates.Contains(digits[..length]));
    }

    private static string? Problem(RevocationRow? row) => row switch
    {
        null => "is null. Remove it.",
        { TokenId: "" } or { Issuer: "" } or { TokenSubject: "" } or { CertificateSubject: "" } => "has an empty text. Write what is revoked.",
        { Certificate: { } thumbprint } when Digits(thumbprint) is not { Length: ThumbprintDigits } digits || !digits.All(char.IsAsciiHexDigit) =>
            "has a certificate that is no SHA-256. Write its 64 hexadecimal digits.",
        { TokenId: not null, TokenSubject: null, IssuedBefore: null, Certificate: null, CertificateSubject: null } => null,
        { Issuer: not null, TokenId: null, Certificate: null, CertificateSubject: null } => null,
        { Certificate: not null, CertificateSubject: null, TokenId: null, Issuer: null, TokenSubject: null, IssuedBefore: null } => null,
        { CertificateSubject: not null, Certificate: null, TokenId: null, Issuer: null, TokenSubject: null, IssuedBefore: null } => null,
        _ => "revokes nothing, or two things. Write \"jti\" (with \"iss\" or without), \"iss\" (with \"sub\", with \"issuedBefore\", or without), \"certificate\", or \"subject\".",
    };

    // As openssl prints it: with colons.
    private static string Digits(string thumbprint) => thumbprint.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();

    private static FrozenSet<string> Texts(IEnumerable<string?> texts) => texts.OfType<string>().ToFrozenSet(StringComparer.Ordinal);

    // A row without a time revokes for good.
    private static DateTimeOffset Latest(IEnumerable<RevocationRow> rows) => rows.Max(static row => row.IssuedBefore ?? DateTimeOffset.MaxValue);

    private static bool IsBefore(DateTimeOffset? issued, DateTimeOffset before) => issued is null || issued < before;
}
