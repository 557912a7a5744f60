using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>A caller who goes is not an error: whoever does so time and again must not fill the log.</summary>
public sealed class ResetInBodyTests
{
    /// <summary>The server learns of a reset in two ways, which race: each of them comes first at times.</summary>
    private const int Times = 100;

    [Fact]
    public async Task Infer_ConnectionIsResetWithinTheBody_NothingIsLogged()
    {
        await using var app = await GuardedApp.StartAsync(static guards => guards.Services
            .AddSingleton<IModelLoader>(FakeModel.Echo())
            .AddSingleton(new ModelRegistration("fake", new ModelOptions { Path = "fake" })));
        var inFlight = app.Services.GetRequiredService<BytesInFlight>();
        var request = HangUpWire.Request("fake", app.Key, "", WireTensor.Of("x", "FP32", [1, 4], 1f, 2f, 3f, 4f));
        app.Log.Clear();

        for (var time = 0; time < Times; time++)
        {
            using var wire = await HangUpWire.ConnectAsync(app.Address);
            await wire.SendAsync(request.AsMemory(0, request.Length - 1));
            await Eventually.IsTrueAsync(() => inFlight.Held.Total > 0, "the body is being read");
            wire.Reset();
            await Eventually.IsTrueAsync(() => inFlight.Held.Total == 0, "the request is given up");
        }

        // Stopped first: a connection says what it has to say when it ends.
        await app.StopAsync();
        Assert.DoesNotContain(app.Log.Entries, static entry => entry.Level >= LogLevel.Warning);
    }
}
