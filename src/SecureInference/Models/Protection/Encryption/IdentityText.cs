namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads identities as files hold them: a line each, and comments.</summary>
internal static class IdentityText
{
    /// <summary>Says whether a text is itself an identity, and no place where one is found.</summary>
    public static bool IsIdentity(string text) => text.TrimStart().StartsWith(X25519Identity.Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds what the text holds.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or nothing; the message never says what.</exception>
    public static void AddTo(IdentitySet set, string text)
    {
        var (number, found) = (0, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            set.Add(X25519Identity.TryParse(trimmed.ToString())
                ?? throw new InvalidDataException($"its line {number} is no identity: write AGE-SECRET-KEY-1…, as 'secure-inference model keygen' and age-keygen make it, without a change"));
            found++;
        }

        if (found == 0)
        {
            throw new InvalidDataException("it holds no identity: make one with 'secure-inference model keygen'");
        }
    }
}
