using System.CommandLine;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>Which key is meant: who finds a leaked key has the key at hand, not its id, so both will do.</summary>
internal static class KeyId
{
    public static Argument<string> Argument() => new("ID") { Description = "The key's id, which 'keys list' shows; or the key itself." };

    /// <summary>Returns the id, whichever of the two was given.</summary>
    public static string Of(string given) => ApiKey.TryParse(given, out var key) ? key.Id.ToString() : given;

    /// <summary>Says that a store has no such key.</summary>
    public static RefusedException Unknown(string id, string store)
    {
        // A mistyped key is still nearly a key: it is not repeated on a screen or in a build log.
        var what = ApiKey.LooksLikeOne(id) ? "That" : $"'{id}'";
        return new RefusedException($"{what} is no key of the store '{store}'. 'secure-inference keys list' shows the ids; nothing was changed.");
    }
}
