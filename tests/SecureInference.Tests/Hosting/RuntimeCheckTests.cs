using SecureInference.Hosting;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

public sealed class RuntimeCheckTests
{
    private const int RuntimeOutdated = 1009;

    [Theory]
    [InlineData("10.0.0", true)]
    [InlineData("10.0.12", true)]
    [InlineData("10.0.13", false)]
    [InlineData("10.0.14", false)]
    [InlineData("10.1.0", false)]
    [InlineData("11.0.0", false)]
    public async Task Check_Runtime_IsWarnedOfWhereItIsOlderThanTheLastSecurityRelease(string version, bool isOutdated)
    {
        using var log = new CollectedLog();
        var sut = new RuntimeCheck(Some.LoggingPart<GuardTelemetry>(log)) { Runtime = Version.Parse(version) };

        await sut.CheckAsync(TestContext.Current.CancellationToken);

        Assert.Equal(isOutdated, log.Entries.Any(entry => entry.EventId == RuntimeOutdated
            && entry.Message.Contains(version, StringComparison.Ordinal)
            && entry.Message.Contains("Install .NET 10.0.13 or later", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Start_App_LooksAtItsOwnRuntime()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Equal(Environment.Version < RuntimeCheck.LastSecurityRelease, app.Log.Entries.Any(static entry => entry.EventId == RuntimeOutdated));
    }
}
