using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

public sealed class ReadinessHealthCheckTests : IAsyncLifetime
{
    private readonly FakeReadiness _check = new();
    private GuardedApp? _app;

    [Fact]
    public async Task Check_NothingFound_IsHealthyBesideTheAppsOwn()
    {
        var (status, body) = await GetAsync("/healthz");

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (status, body));
        Assert.Equal(["own", "secure-inference"], (await ReportAsync()).Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_SomethingFound_IsUnhealthyButNotForLiveness()
    {
        _check.Error = InferenceErrors.AuditUnavailable;
        _check.Degradation = "Old.";

        var (status, body) = await GetAsync("/healthz");
        var (live, _) = await GetAsync("/livez");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (status, body));
        Assert.Equal(HttpStatusCode.OK, live);
        Assert.Equal(InferenceErrors.AuditUnavailable.Detail, (await ReportAsync()).Entries["secure-inference"].Description);
    }

    [Fact]
    public async Task Check_Degraded_SaysWhy()
    {
        _check.Degradation = "The keys read last stay in force.";

        var (status, body) = await GetAsync("/healthz");

        Assert.Equal((HttpStatusCode.OK, "Degraded"), (status, body));
        Assert.Equal("The keys read last stay in force.", (await ReportAsync()).Entries["secure-inference"].Description);
    }

    [Fact]
    public async Task Check_Draining_IsUnhealthy()
    {
        using var openConnection = await App.Stranger.GetAsync("/healthz", TestContext.Current.CancellationToken);
        await App.Services.GetRequiredService<DrainState>().DrainAsync();

        Assert.Equal(HealthStatus.Unhealthy, (await ReportAsync()).Status);
    }

    public async ValueTask InitializeAsync() => _app = await GuardedApp.StartAsync(
        use: static app =>
        {
            app.UseSecureInference();
            app.MapSecureInference();
            app.MapHealthChecks("/healthz");
            app.MapHealthChecks("/livez", new HealthCheckOptions { Predicate = static check => !check.Tags.Contains("ready") });
        },
        services: services =>
        {
            services.AddSingleton<IReadinessCheck>(_check);
            services.AddHealthChecks().AddCheck("own", static () => HealthCheckResult.Healthy());
        });

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private GuardedApp App => _app!;

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await App.Stranger.GetAsync(path, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task<HealthReport> ReportAsync() =>
        App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
}
