using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Keys;

/// <summary>Changes a sealed store as the tool does.</summary>
internal sealed class KeyStoreEditor(string path)
{
    private readonly ApiKeyPeppers _peppers = ApiKeyPeppers.ReadFile(Path.Combine(Path.GetDirectoryName(path)!, TestKeys.PepperName));

    public ApiKeyIssuer Issuer => new(() => _peppers);

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Adds a key.</summary>
    public string Add(string owner, Func<ApiKeyRow, ApiKeyRow>? rights = null, Func<ApiKeyRow, ApiKeyRow>? state = null, DateTimeOffset? expires = null)
    {
        var row = new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = owner, Scopes = ["model:*:infer"], Created = Now, Secrets = [] };
        row = Issuer.Create(rights?.Invoke(row) ?? row, expires, out var key);
        Change(file => file with { Keys = [.. file.Keys, state?.Invoke(row) ?? row] });
        return key;
    }

    public void ChangeRow(string key, Func<ApiKeyRow, ApiKeyRow> change)
    {
        var id = key.Split('_')[2];
        Change(file => file with { Keys = [.. file.Keys.Select(row => row.Id == id ? change(row) : row)] });
    }

    public void Change(Func<ApiKeyFile, ApiKeyFile> change)
    {
        var file = File.Exists(path) ? ApiKeyFile.Read(path) : ApiKeyFile.Empty;
        ApiKeySeal.Add(change(file) with { Generation = file.Generation + 1 }, _peppers).Write(path);
    }
}
