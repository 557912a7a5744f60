namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads identities as files hold them: a line each, and comments.</summary>
internal static class IdentityText
{
    private const string PemMark = "-----BEGIN ";

    private static readonly string[] Marks = [X25519Identity.Prefix, WrappingKey.Prefix, PemMark];

    /// <summary>Says whether a text is itself an identity, and no place where one is found.</summary>
    public static bool IsIdentity(string text) => Array.Exists(Marks, mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the text up to where a key begins: a message that quotes a setting must not quote a key.</summary>
    public static string Hide(string text)
    {
        var start = Marks.Select(mark => text.IndexOf(mark, StringComparison.OrdinalIgnoreCase)).Where(static index => index >= 0).DefaultIfEmpty(-1).Min();
        return start < 0 ? text : text[..start] + "(a key, which is not shown)";
    }

    /// <summary>Adds what the text holds.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or nothing; the message never says what.</exception>
    public static void AddTo(IdentitySet set, string text)
    {
        if (text.Contains(PemMark, StringComparison.Ordinal))
        {
            set.Add(TagIdentity.ReadPem(text));
            return;
        }

        var (number, found) = (0, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            set.Add(TryParse(trimmed.ToString()) ?? throw new InvalidDataException($"its line {number} is no identity: write AGE-SECRET-KEY-1…, as 'secure-inference model keygen' and age-keygen make it, without a change"));
            found++;
        }

        if (found == 0)
        {
            throw new InvalidDataException("it holds no identity: make one with 'secure-inference model keygen'");
        }
    }

    private static IAgeIdentity? TryParse(string line) => (IAgeIdentity?)X25519Identity.TryParse(line) ?? WrappingKey.TryParse(line);
}
