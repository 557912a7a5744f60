using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecureInference.Tests.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models;

/// <summary>Where a model runs is said to those who may read it, and to all where it is not what the operator wants.</summary>
public sealed class ModelDeviceTests
{
    [Fact]
    public async Task Metadata_DeviceIsKnown_SaysWhereAndWhyToThoseWhoMayRead()
    {
        await using var app = await Served.StartAsync(FakeModel.Echo().On("Cpu", "CUDA did not start", degradation: null));

        using var answer = await app.Client.GetAsync("/v2/models/m", TestContext.Current.CancellationToken);
        using var stranger = await app.Stranger.GetAsync("/v2/models/m", TestContext.Current.CancellationToken);

        Assert.Equal("""{"device":"Cpu","device_reason":"CUDA did not start"}""", (await answer.ReadJsonAsync()).GetProperty("parameters").GetRawText());
        await stranger.MustRefuseAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, HealthStatus.Healthy)]
    [InlineData("A model runs on the CPU.", HealthStatus.Degraded)]
    public async Task Health_GpuDidNotStart_IsDegradedAndSaysWhy(string? degradation, HealthStatus expected)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo().On("Cpu", "why", degradation));

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal((expected, degradation), (report.Entries["secure-inference"].Status, report.Entries["secure-inference"].Description));
    }
}
