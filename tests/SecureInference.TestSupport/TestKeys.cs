using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.TestSupport;

/// <summary>Writes key stores.</summary>
public static class TestKeys
{
    /// <summary>Adds a key to a store, making the store where there is none.</summary>
    /// <returns>The key.</returns>
    public static string Add(
        string store, string owner, IReadOnlyList<string> scopes, string? tier = null, DateTimeOffset? expires = null, DateTimeOffset? revoked = null, bool isTest = false)
    {
        var file = File.Exists(store) ? ApiKeyFile.Read(store) : ApiKeyFile.Empty;
        var row = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(
            new ApiKeyRow
            {
                Id = "",
                Environment = isTest ? ApiKey.Test : ApiKey.Live,
                Owner = owner,
                Scopes = scopes,
                Tier = tier,
                Created = TimeProvider.System.GetUtcNow(),
                Revoked = revoked,
                Secrets = [],
            },
            expires,
            out var key);
        (file with { Generation = file.Generation + 1, Keys = [.. file.Keys, row] }).Write(store);
        return key;
    }
}
