using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.TestSupport;

/// <summary>Writes key stores.</summary>
public static class TestKeys
{
    /// <summary>The file beside a store whose pepper it is sealed with, where there is one.</summary>
    public const string PepperName = "pepper.txt";

    /// <summary>Makes a pepper in a folder: stores there are sealed with it.</summary>
    public static void AddPepper(string folder)
    {
        var path = Path.Combine(folder, PepperName);
        File.WriteAllText(path, ApiKeyPeppers.Create(1));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Adds a key to a store, making the store where there is none.</summary>
    /// <returns>The key.</returns>
    public static string Add(
        string store, string owner, IReadOnlyList<string> scopes, string? tier = null, DateTimeOffset? expires = null, DateTimeOffset? revoked = null, bool isTest = false)
    {
        var file = File.Exists(store) ? ApiKeyFile.Read(store) : ApiKeyFile.Empty;
        var pepper = Path.Combine(Path.GetDirectoryName(store) ?? "", PepperName);
        var peppers = File.Exists(pepper) ? ApiKeyPeppers.ReadFile(pepper) : ApiKeyPeppers.None;
        var row = new ApiKeyIssuer(() => peppers).Create(
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
        ApiKeySeal.Add(file with { Generation = file.Generation + 1, Keys = [.. file.Keys, row] }, peppers).Write(store);
        return key;
    }
}
