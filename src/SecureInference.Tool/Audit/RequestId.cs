namespace SecureInference.Tool.Audit;

/// <summary>Says what a request's id looks like.</summary>
internal static class RequestId
{
    public static WrongUsageException Malformed(string text) =>
        new($"'{text}' is no request id. Write it as records have it, for example 0123456789abcdef-42; 'audit show --caller NAME --json' has the ids of a caller's requests.");
}
