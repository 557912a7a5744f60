using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>Well-formed keys that nobody issued.</summary>
internal static class ForgedKey
{
    /// <summary>Makes a key with the id of another and a secret of its own: only its verifier tells.</summary>
    public static string WithIdOf(string key) => ApiKey.Create(ApiKey.Live, key.Split('_')[2]);

    /// <summary>Makes a key with an id that no store has.</summary>
    public static string WithUnknownId() => ApiKey.Create(ApiKey.Live, ApiKey.CreateId());
}
