using System.Buffers;
using System.Globalization;

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

    public static string? FindNetworkProblem(string network) => NetworkNotation.TryParse(network, out _) ? null : $"'{network}' is no network. {NetworkNotation.Remedy}";

    public static string? FindPriorityProblem(string priority) =>
        int.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? null
            : $"'{priority}' is not a priority. Write a whole number from 1, the highest, to {int.MaxValue}.";
}
