namespace SecureInference;

/// <summary>How a request may end, as metrics and spans name it.</summary>
internal static class RequestOutcome
{
    public const string Success = "success";

    /// <summary>A status from 400 to 499.</summary>
    public const string Refused = "refused";

    /// <summary>A status from 500 on, or an exception.</summary>
    public const string Failed = "failed";

    /// <summary>The caller went away; nobody has failed.</summary>
    public const string Cancelled = "cancelled";
}
