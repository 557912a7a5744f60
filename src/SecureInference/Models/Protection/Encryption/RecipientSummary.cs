namespace SecureInference.Models.Protection.Encryption;

/// <summary>Says whom a file was encrypted for, as far as its header tells: who has the wrong key should see which is the right one.</summary>
internal static class RecipientSummary
{
    private const int MaxNamed = 8;
    private const int MaxNameLength = 200;

    public static string Of(IReadOnlyList<AgeStanza> stanzas)
    {
        var names = stanzas.Select(NameOf).GroupBy(static name => name, StringComparer.Ordinal)
            .Select(static group => group.Count() == 1 ? group.Key : $"{group.Count()} times {group.Key}").Take(MaxNamed + 1).ToArray();
        return string.Join(", ", names.Take(MaxNamed)) + (names.Length > MaxNamed ? " and others" : "");
    }

    public static string NameOf(WrappedKey key) => key.Provider == WrappingKey.Provider ? $"the wrapping key '{Shown(key.KeyId)}'" : $"the key '{Shown(key.KeyId)}' of {Shown(key.Provider)}";

    private static string NameOf(AgeStanza stanza) => stanza.Type switch
    {
        X25519Key.StanzaType => "an age1… key",
        ScryptKey.StanzaType => "a passphrase",
        TagStanza.Type => "an age1tag1… key",
        WrappedKeyStanza.Type => NameOf(WrappedKeyStanza.Read(stanza)),
        _ => "a key of a kind that is not known here",
    };

    // What a file says is shown, and never more than a line of it.
    private static string Shown(string text) =>
        string.Concat(text.Take(MaxNameLength).Select(static letter => letter is >= ' ' and <= '~' ? letter : '?')) + (text.Length > MaxNameLength ? "…" : "");
}
