namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Where keys are kept: the seam for a team's own database, in place of the store file.</summary>
/// <remarks>The keys are read at start and then every <see cref="ApiKeyOptions.PollInterval"/>, and held in memory: no request waits for the store. Rows are made by
/// <see cref="ApiKeyIssuer"/>. Where a pepper is configured, a row whose verifier has none is refused, so that who can write the database cannot add a key;
/// but what says that a key is suspended, revoked or expired is believed as it is read.</remarks>
public interface IApiKeyStore
{
    /// <summary>Reads all the keys.</summary>
    /// <param name="cancellationToken">Ends a reading that takes too long.</param>
    /// <returns>The keys, or <see langword="null"/> where they are the same as those that were returned last.</returns>
    ValueTask<ApiKeySnapshot?> ReadAsync(CancellationToken cancellationToken);
}
