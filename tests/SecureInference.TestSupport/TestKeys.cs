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
        string store,
        string owner,
        IReadOnlyList<string> scopes,
        string? tier = null,
        DateTimeOffset? expires = null,
        DateTimeOffset? revoked = null,
        bool isTest = false,
        DateTimeOffset? suspended = null,
        params IReadOnlyList<string> networks)
    {
        var row = new ApiKeyIssuer(() => PeppersOf(store)).Create(
            new ApiKeyRow
            {
                Id = "",
                Environment = isTest ? ApiKey.Test : ApiKey.Live,
                Owner = owner,
                Scopes = scopes,
                Tier = tier,
                Networks = networks.Count == 0 ? null : networks,
                Created = TimeProvider.System.GetUtcNow(),
                Suspended = suspended,
                Revoked = revoked,
                Secrets = [],
            },
            expires,
            out var key);
        Change(store, rows => [.. rows, row]);
        return key;
    }

    /// <summary>Makes a well-formed key that no store knows: of another id, or with another secret.</summary>
    public static string Unknown(string? id = null) => ApiKey.Create(ApiKey.Live, id ?? ApiKey.CreateId());

    /// <summary>Adds a secret to the key with this id; the old ones go on working for the overlap.</summary>
    /// <returns>The key with its new secret.</returns>
    public static string Rotate(string store, string id, TimeSpan overlap)
    {
        var key = "";
        var issuer = new ApiKeyIssuer(() => PeppersOf(store));
        Change(store, rows => rows.Select(row => row.Id == id ? issuer.Rotate(row, TimeProvider.System.GetUtcNow(), overlap, expires: null, out key) : row));
        return key;
    }

    /// <summary>Revokes every key in a store.</summary>
    public static void RevokeAll(string store) => Change(store, static rows => rows.Select(static row => row with { Revoked = row.Created }));

    /// <summary>Changes the keys in a store.</summary>
    public static void Change(string store, Func<IReadOnlyList<ApiKeyRow>, IEnumerable<ApiKeyRow>> change)
    {
        var file = File.Exists(store) ? ApiKeyFile.Read(store) : ApiKeyFile.Empty;
        ApiKeySeal.Add(file with { Generation = file.Generation + 1, Keys = [.. change(file.Keys)] }, PeppersOf(store)).Write(store);
    }

    private static ApiKeyPeppers PeppersOf(string store)
    {
        var pepper = Path.Combine(Path.GetDirectoryName(store) ?? "", PepperName);
        return File.Exists(pepper) ? ApiKeyPeppers.ReadFile(pepper) : ApiKeyPeppers.None;
    }
}
