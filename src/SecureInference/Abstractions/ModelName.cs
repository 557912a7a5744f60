using System.Buffers;

namespace SecureInference;

/// <summary>The rule for model names: they stand in paths, scopes and records, and never become file names.</summary>
internal static class ModelName
{
    public const string Rule = "1 to 128 letters, digits, '.', '_' or '-', and not '.' or '..'";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxLength && !name.ContainsAnyExcept(Allowed) && name is not "." and not "..";
}
