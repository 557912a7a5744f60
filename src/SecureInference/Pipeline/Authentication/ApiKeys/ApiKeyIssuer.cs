namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Makes keys, for a team that keeps them in a store of its own.</summary>
public sealed class ApiKeyIssuer
{
    private readonly Func<ApiKeyPeppers> _peppers;

    internal ApiKeyIssuer(Func<ApiKeyPeppers> peppers) => _peppers = peppers;

    /// <summary>Makes a key.</summary>
    /// <param name="rights">The key's row: its id and secrets are set, whatever they are.</param>
    /// <param name="expires">When it stops to work, or <see langword="null"/> for never.</param>
    /// <param name="key">The key itself, to be shown once: it is kept nowhere.</param>
    /// <returns>The row to be kept.</returns>
    public ApiKeyRow Create(ApiKeyRow rights, DateTimeOffset? expires, out string key)
    {
        ArgumentNullException.ThrowIfNull(rights);
        var named = rights with { Id = ApiKey.CreateId(), Secrets = [] };
        return named with { Secrets = [CreateSecret(named, rights.Created, expires, out key)] };
    }

    /// <summary>Adds a new secret to a key; the old ones work until the overlap ends.</summary>
    /// <param name="row">The key's row.</param>
    /// <param name="now">The time.</param>
    /// <param name="overlap">How long the old secrets go on working, unless they expire before.</param>
    /// <param name="expires">When the new secret stops to work, or <see langword="null"/> for never.</param>
    /// <param name="key">The key with the new secret, to be shown once.</param>
    /// <returns>The row to be kept.</returns>
    public ApiKeyRow Rotate(ApiKeyRow row, DateTimeOffset now, TimeSpan overlap, DateTimeOffset? expires, out string key)
    {
        ArgumentNullException.ThrowIfNull(row);
        var end = now + overlap;
        var old = row.Secrets.Where(secret => secret.Expires is not { } until || until > now)
            .Select(secret => secret with { Expires = secret.Expires < end ? secret.Expires : end });
        return row with { Secrets = [.. old, CreateSecret(row, now, expires, out key)] };
    }

    private ApiKeySecret CreateSecret(ApiKeyRow row, DateTimeOffset now, DateTimeOffset? expires, out string key)
    {
        key = ApiKey.Create(row.Environment, row.Id);
        if (!ApiKey.TryParse(key, out var parsed))
        {
            throw new ArgumentException($"'{row.Environment}' is no environment of a key. Write {ApiKey.Live} or {ApiKey.Test}.", nameof(row));
        }

        var peppers = _peppers();
        var hash = new byte[ApiKeyVerifier.Length];
        ApiKeyVerifier.Hash(ApiKeyVerifier.DeriveRowKey(row, peppers.Newest is { } version ? peppers.Get(version) : null), parsed.Secret, hash);
        return new ApiKeySecret { Verifier = Convert.ToBase64String(hash), Pepper = peppers.Newest, Created = now, Expires = expires };
    }
}
