using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SecureInference.Hosting;

/// <summary>Tells the app's own health endpoints what ours tell.</summary>
internal sealed class ReadinessHealthCheck(Readiness readiness) : IHealthCheck
{
    private const string Name = "secure-inference";

    // A server that is not ready is alive: an app that asks for liveness by this tag does not have it restarted.
    private static readonly string[] Tags = ["ready"];

    public static void AddTo(IServiceCollection services) => services.AddHealthChecks().AddCheck<ReadinessHealthCheck>(Name, failureStatus: null, Tags);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        readiness.Find() is { } error ? new HealthCheckResult(context.Registration.FailureStatus, error.Detail, data: readiness.Describe())
        : readiness.FindDegradation() is { } degradation ? HealthCheckResult.Degraded(degradation, data: readiness.Describe())
        : HealthCheckResult.Healthy(data: readiness.Describe()));
}
