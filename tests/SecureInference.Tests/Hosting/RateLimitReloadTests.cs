using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

/// <summary>Limits change with the configuration, while the app runs.</summary>
public sealed class RateLimitReloadTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["RateLimits:Default:TokenLimit"] = "5",
        ["RateLimits:Default:TokensPerPeriod"] = "1",
        ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
    };

    [Fact]
    public async Task Change_LargerLimit_IsInForceAndWhatWasUsedIsUsed()
    {
        await using var app = await GuardedApp.StartAsync(settings: Settings);
        Assert.Equal(5, await TakeAllAsync(app));

        Change(app, "RateLimits:Default:TokenLimit", "8");

        Assert.Equal(3, await TakeAllAsync(app));
        Assert.Single(app.Log.Entries, static entry => entry.EventId == 1251);
    }

    [Theory]
    [InlineData("RateLimits:Default:TokenLimit", "0", "RateLimits:Default:TokenLimit is 0. Write at least 1.")]
    [InlineData("RateLimits:Default:TokenLimits", "50", "RateLimits:Default:TokenLimits is not an option of this version.")]
    [InlineData("RateLimits:Default:TokenLimit", "many", "RateLimits:Default:TokenLimit is 'many'. Write a whole number.")]
    public async Task Change_Wrong_IsSaidAndTheLimitsBeforeStay(string name, string value, string problem)
    {
        await using var app = await GuardedApp.StartAsync(settings: Settings);

        Change(app, name, value);

        Assert.Equal(5, await TakeAllAsync(app));
        Assert.Contains(problem, Assert.Single(app.Log.Entries, static entry => entry.EventId == 1252).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_CodeSetsLimitsToo_ItDoesSoAgain()
    {
        await using var app = await GuardedApp.StartAsync(builder => builder.AddRateLimits(options => options.Default.TokenLimit *= 2), settings: Settings);
        Assert.Equal(10, await TakeAllAsync(app));

        Change(app, "RateLimits:Default:TokenLimit", "6");

        Assert.Equal(2, await TakeAllAsync(app));
    }

    [Fact]
    public async Task Change_OfSomethingElse_SaysNothing()
    {
        await using var app = await GuardedApp.StartAsync(settings: Settings);

        Change(app, "Audit:QueueCapacity", "1000");

        Assert.DoesNotContain(app.Log.Entries, static entry => entry.EventId is 1251 or 1252);
    }

    private static void Change(GuardedApp app, string name, string value)
    {
        var configuration = (IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>();
        configuration["SecureInference:" + name] = value;
        configuration.Reload();
    }

    private static async Task<int> TakeAllAsync(GuardedApp app)
    {
        for (var count = 0; ; count++)
        {
            using var answer = await app.Client.GetAsync("/v2", TestContext.Current.CancellationToken);
            if ((int)answer.StatusCode == 429)
            {
                return count;
            }

            answer.EnsureSuccessStatusCode();
        }
    }
}
