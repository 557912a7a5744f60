using Microsoft.Extensions.Hosting;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The key that an app in Development gets where no key store is configured: made at each start, printed once, kept nowhere.</summary>
public sealed class DevelopmentKey
{
    private readonly IEnumerable<IOtherCredentials> _others;

    internal DevelopmentKey(IEnumerable<IOtherCredentials>? others = null) => _others = others ?? [];

    /// <summary>Gets the key, or <see langword="null"/> where the app has a key store.</summary>
    public string? Value { get; private set; }

    internal ApiKeySnapshot CreateStore(IHostEnvironment environment, DateTimeOffset now)
    {
        if (!environment.IsDevelopment() && _others.Any(static other => other.IsConfigured))
        {
            // Nobody has a key, and others are recognised all the same.
            return new ApiKeySnapshot([]);
        }

        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                $"No key store is configured, and the environment is {environment.EnvironmentName}. Make one with "
                + "'secure-inference keys create --store keys.json --owner NAME --scope model:MODEL:infer', and set SecureInference:ApiKeys:Store to keys.json; "
                + "or say who else may call, for example in SecureInference:Jwt:Issuers or SecureInference:ClientCertificates. "
                + "(In Development, ASPNETCORE_ENVIRONMENT=Development, an app without a store makes a key at each start.)");
        }

        var row = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(
            new ApiKeyRow { Id = "", Environment = ApiKey.Test, Owner = "development", Scopes = ["model:*:infer"], Created = now, Secrets = [] },
            expires: null,
            out var key);
        Value = key;
        return new ApiKeySnapshot([row]);
    }
}
