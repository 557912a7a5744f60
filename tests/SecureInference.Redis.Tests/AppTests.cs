using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Hosting.DryRun;
using SecureInference.TestSupport;

namespace SecureInference.Redis.Tests;

/// <summary>Whole apps with the lines of the docs.</summary>
public sealed class AppTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData("Local", HttpStatusCode.OK)]
    [InlineData("FailOpen", HttpStatusCode.OK)]
    [InlineData("FailClosed", HttpStatusCode.ServiceUnavailable)]
    public async Task Start_RedisIsDown_StartsAndIsReadyByTheMode(string mode, HttpStatusCode expected)
    {
        await using var server = await RedisServer.StartAsync();
        server.Kill();
        await using var app = await StartAsync(server, ("Redis:WhenUnavailable", mode));
        var down = await ReadyAsync(app);

        await server.RestartAsync();
        await Eventually.IsTrueAsync(() => app.Services.GetRequiredService<RedisLink>().IsAvailable, "Redis is back");

        Assert.Equal(expected, down);
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(app));
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Start_RedisIsThere_SharesBeforeTheFirstRequest()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = await StartAsync(server);

        var outcome = await app.Services.GetRequiredService<ISharedLimits>().TakeAsync("alice", new[] { Some.Bucket(10) });

        Assert.Equal(SharedOutcome.Taken, outcome);
        Assert.Equal(3, app.Services.GetRequiredService<ISharedLimits>().ExpectedNodes);
    }

    [Fact]
    public async Task Check_SectionWithFaults_SaysEachAndAsksNoRedis()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int? exitCode = null;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GuardedApp.StartAsync(
            static builder => builder.AddRedis(),
            settings: new Dictionary<string, string?>
            {
                ["Redis:Configuration"] = "127.0.0.1:1,password=hunter2",
                ["Redis:PasswordFile"] = "none.txt",
                ["Redis:Timeout"] = "soon",
                ["Redis:Nodes"] = "3",
            },
            services: services => services.AddSingleton(new DryRunCommand(["app.dll", "--check-config"], output, error, code => exitCode = code))));

        Assert.Equal(1, exitCode);
        Assert.Contains("Redis:Timeout is 'soon'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Redis:Nodes is not an option of this version. Redis knows:", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Redis:ExpectedNodes is missing", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{output}{error}", StringComparison.Ordinal);
    }

    private static Task<GuardedApp> StartAsync(RedisServer server, params (string Key, string Value)[] more) => GuardedApp.StartAsync(
        static builder => builder.AddRedis(),
        settings: new Dictionary<string, string?>(more.Select(static one => KeyValuePair.Create(one.Key, (string?)one.Value)))
        {
            ["Redis:Configuration"] = server.Address,
            ["Redis:ExpectedNodes"] = "3",
        });

    private static async Task<HttpStatusCode> ReadyAsync(GuardedApp app)
    {
        using var answer = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
