namespace SecureInference.Models;

/// <summary>What an operator is told of a version that serves.</summary>
internal static class ModelDescription
{
    private const string Unprotected = "neither signed nor encrypted: whoever can write the file decides what is served";

    public static IReadOnlyDictionary<string, object> Of(string digest, ModelProtection protection)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["digest"] = digest,
            ["signed"] = protection.Signer is not null,
            ["encrypted"] = protection.IsEncrypted,
        };
        if (protection.Signer is { } signer)
        {
            data["signer"] = signer;
        }

        if (protection.IsNone)
        {
            data["warning"] = Unprotected;
        }

        return data;
    }
}
