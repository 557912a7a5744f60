using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>Peppers for tests: those of one number are always the same.</summary>
internal static class Peppers
{
    public static ApiKeyPeppers Of(params int[] versions) => ApiKeyPeppers.Find(file: null, string.Join(' ', versions.Select(Text)));

    /// <summary>The same versions as another's, with other secrets.</summary>
    public static ApiKeyPeppers Foreign(params int[] versions) => ApiKeyPeppers.Find(file: null, string.Join(' ', versions.Select(ApiKeyPeppers.Create)));

    private static string Text(int version) => $"{version}:{Convert.ToBase64String([.. Enumerable.Repeat((byte)version, 32)])}";
}
