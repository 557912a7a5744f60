using System.Buffers;
using System.Globalization;
using System.Net;

namespace SecureInference.Tool.Keys;

/// <summary>The rules for what is written into a new row; each check returns what is wrong, or null.</summary>
internal static class KeyFields
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> TierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static string? FindOwnerProblem(string owner)
    {
        if (string.IsNullOrWhiteSpace(owner))
        {
            return "The owner is empty. Write who will use the key, for example --owner checkout.";
        }

        if (owner.Length > MaxLength)
        {
            return $"The owner has {owner.Length} characters. Write at most {MaxLength}.";
        }

        return TerminalText.IsSafe(owner) ? null : $"The owner '{owner}' has control or other invisible characters. Write it without them.";
    }

    public static string? FindScopeProblem(string scope) => ScopeSet.TryParse([scope], out _, out var problem) ? null : problem;

    public static string? FindTierProblem(string tier) =>
        tier.Length is > 0 and <= MaxLength && !tier.AsSpan().ContainsAnyExcept(TierCharacters)
            ? null
            : $"'{tier}' is not a tier. Write 1 to {MaxLength} letters, digits, '.', '_' or '-', as under SecureInference:RateLimits:Tiers.";

    public static string? FindNetworkProblem(string network) => IsNetwork(network)
        ? null
        : $"'{network}' is not a network. Write its first address and the length of its prefix, for example 10.0.0.0/8, 192.0.2.7/32 or 2001:db8::/32.";

    public static string? FindPriorityProblem(string priority) =>
        int.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? null
            : $"'{priority}' is not a priority. Write a whole number from 1, the highest.";

    // An address within the network may be a slip of the prefix, and one of the old Internet written as one of the new never calls.
    private static bool IsNetwork(string text) => IPNetwork.TryParse(text, out var network)
        && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var first)
        && first.Equals(network.BaseAddress)
        && !first.IsIPv4MappedToIPv6;
}
