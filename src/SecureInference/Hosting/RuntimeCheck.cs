namespace SecureInference.Hosting;

/// <summary>Says at start where the runtime has holes that are known to everybody, and closed in a later one.</summary>
internal sealed class RuntimeCheck(GuardTelemetry telemetry) : IStartCheck
{
    /// <summary>The last security release that was known when this was built: October 2026, CVE-2026-96233 and others. Raise it with each release.</summary>
    public static readonly Version LastSecurityRelease = new(10, 0, 13);

    public Version Runtime { get; init; } = Environment.Version;

    // It warns and starts: an operator who must wait for an image is not helped by an outage.
    public Task CheckAsync(CancellationToken cancellationToken)
    {
        if (Runtime < LastSecurityRelease)
        {
            telemetry.RuntimeOutdated(Runtime, LastSecurityRelease);
        }

        return Task.CompletedTask;
    }
}
