using Microsoft.Extensions.Logging;

namespace SecureInference;

/// <summary>Says that an app is put together wrongly, or stands on wrong ground.</summary>
internal sealed partial class GuardTelemetry(ILogger<GuardTelemetry> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1000, LogLevel.Critical,
        "The endpoint {Endpoint} was reached without its guards ({Missing}) and refused to run. Call app.UseSecureInference() before the endpoints run, "
        + "after UseRouting() where the app calls that itself, and remove ShortCircuit() from the endpoint.")]
    public partial void ReachedUnguarded(string? endpoint, string missing);

    [LoggerMessage(1001, LogLevel.Warning, "The endpoint {Endpoint} demands rights on the model {Model}, which is not served here. Is it misspelt in RequireInferenceGuards()?")]
    public partial void ModelNotServed(string? endpoint, string model);

    [LoggerMessage(1002, LogLevel.Information, "What each endpoint demands of its caller:{Table}")]
    public partial void EndpointsGuarded(string table);

    [LoggerMessage(1009, LogLevel.Warning, "This app runs on .NET {Runtime}, whose security holes are known. Install .NET {LastSecurityRelease} or later (the ASP.NET Core Runtime, or the image), and start it again.")]
    public partial void RuntimeOutdated(Version runtime, Version lastSecurityRelease);
}
