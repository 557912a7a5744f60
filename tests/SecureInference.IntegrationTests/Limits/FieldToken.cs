namespace SecureInference.IntegrationTests.Limits;

/// <summary>A token: a word without quotes, which is something else than a string of the same letters.</summary>
internal readonly record struct FieldToken(string Text);
