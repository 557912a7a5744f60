using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Requests of nobody known, each from another network, told by a listed proxy: what is remembered of them has a fixed size.</summary>
[Collection(AloneCollection.Name)]
public sealed class AddressFloodTests(ITestOutputHelper output)
{
    private const long MostGrowth = 1 << 20;
    private const long MostResidentGrowth = 48L << 20;

    /// <summary>So many that a record of each network would be seen: 200 bytes of it in the short form.</summary>
    private static readonly int Requests = Soak.Times(5_000, 200_000);

    [Fact]
    public async Task Requests_EachFromAnotherNetwork_LeaveMemoryFlat()
    {
        await using var app = await GuardedApp.StartAsync(
            use: static app =>
            {
                app.UseInferenceArrival();
                app.UseInferenceRateLimiting();
                app.MapGet("/plain", static () => Results.Text("{}"));
            },
            services: static services => services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning)),
            settings: new Dictionary<string, string?>
            {
                ["Arrival:KnownProxies:0"] = "127.0.0.1",
                ["RateLimits:Default:TokenLimit"] = "1",
                ["RateLimits:Default:TokensPerPeriod"] = "1",
                ["RateLimits:Default:ReplenishmentPeriod"] = "1.00:00:00",
            });
        var warmUp = new GuessFlood(app.Address, 1_000, "/plain", withKey: false);
        var flood = new GuessFlood(app.Address, Requests, "/plain", withKey: false);
        await warmUp.RunAsync(2_000);
        var resident = Environment.WorkingSet;
        var managed = GC.GetTotalMemory(forceFullCollection: true);

        await flood.RunAsync(Requests);

        var growth = GC.GetTotalMemory(forceFullCollection: true) - managed;
        var residentGrowth = Environment.WorkingSet - resident;
        output.WriteLine($"{flood.Passed} passed, {flood.Limited} limited; {growth >> 10} KiB more in use, {residentGrowth >> 20} MiB more resident.");
        Assert.Equal(Requests, flood.Passed + flood.Limited);
        Assert.True(flood.Passed > 0 && flood.Limited > 0);
        Assert.InRange(growth, long.MinValue, MostGrowth);
        Assert.InRange(residentGrowth, long.MinValue, MostResidentGrowth);
        GC.KeepAlive(flood);
    }
}
