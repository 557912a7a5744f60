using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline;

public sealed class RefusalMetricsTests : IDisposable
{
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Refusals_OfEachGuard_AreCountedByReasonAndNeverByCaller()
    {
        await using var app = await GuardedApp.StartAsync(
            builder => builder.Services.AddSingleton<IModelLoader>(FakeModel.Echo()),
            app =>
            {
                app.UseSecureInference();
                app.MapSecureInference();
                app.MapGet("/admin", () => "inside").RequireInferenceGuards("digits", "admin");
            },
            new Dictionary<string, string?>
            {
                ["Models:digits:Path"] = "d",
                ["RateLimits:Default:TokenLimit"] = "3",
                ["RateLimits:Default:TokensPerPeriod"] = "1",
                ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
            });
        Listen(app.Services.GetRequiredService<IMeterFactory>());

        await SendAsync(app.Stranger, "/v2");
        await SendAsync(app.Client, "/admin");
        await SendAsync(app.Client, "/v2/models/other");
        await SendAsync(app.Client, "/v2");
        await SendAsync(app.Client, "/v2");

        Assert.Equal(
            [
                "secure_inference.authentication.refused rule=credential_missing",
                "secure_inference.authorization.refused rule=insufficient_scope",
                "secure_inference.authorization.refused rule=model_not_found",
                "secure_inference.rate_limiting.refused caller=known",
            ],
            _counted);
    }

    private static async Task SendAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
    }

    private void Listen(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "SecureInference" && instrument.Name.EndsWith(".refused", StringComparison.Ordinal) && instrument.Name != "secure_inference.request.refused" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
            _counted.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        _listener.Start();
    }
}
