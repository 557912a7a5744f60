using SecureInference.TestSupport;

namespace SecureInference.Redis.Tests;

public sealed class RedisStartTests
{
    private const string Nowhere = "127.0.0.1:1";
    private const int PasswordInConfiguration = 3004;
    private const int Unencrypted = 3005;

    [Theory]
    [InlineData(Nowhere)]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1:1,ssl=true,user=limits")]
    public async Task Start_SafeConfiguration_WarnsOfNothing(string configuration)
    {
        await using var node = await Node.StartAsync(configuration, mustConnect: false);

        Assert.DoesNotContain(node.Log.Entries, static entry => entry.EventId is PasswordInConfiguration or Unencrypted);
    }

    [Fact]
    public async Task Start_PasswordInTheConfiguration_IsWarnedOfWithoutIt()
    {
        await using var node = await Node.StartAsync(Nowhere + ",password=correct-horse", mustConnect: false);

        Assert.Single(node.Log.Entries, static entry => entry.EventId == PasswordInConfiguration);
        Assert.DoesNotContain("correct-horse", string.Concat(node.Log.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AnotherHostWithoutTls_IsWarnedOf()
    {
        // An address of the documentation's network: nothing answers there.
        await using var node = await Node.StartAsync("192.0.2.1:6379,connectTimeout=50", mustConnect: false);

        Assert.Single(node.Log.Entries, static entry => entry.EventId == Unencrypted);
    }

    [Theory]
    [InlineData("", "holds no password")]
    [InlineData("\n", "holds no password")]
    [InlineData("one\ntwo\n", "holds no password")]
    [InlineData(null, "cannot be read")]
    public async Task Start_PasswordFileIsWrong_Stops(string? content, string expected)
    {
        using var folder = new TestFolder();
        if (content is not null)
        {
            await File.WriteAllTextAsync(folder.File("password"), content, TestContext.Current.CancellationToken);
        }

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Node.StartAsync(Nowhere, options => options.PasswordFile = folder.File("password"), mustConnect: false));

        Assert.Contains("SecureInference:Redis:PasswordFile", problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TwoPasswords_StopsWithoutShowingThem()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("password"), "battery", TestContext.Current.CancellationToken);

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Node.StartAsync(Nowhere + ",password=staple", options => options.PasswordFile = folder.File("password"), mustConnect: false));

        Assert.Contains("more than one place", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("staple", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AuthorityFileIsMissing_Stops()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Node.StartAsync(Nowhere, static options => options.AuthorityFile = "/nowhere/ca.pem", mustConnect: false));

        Assert.Contains("SecureInference:Redis:AuthorityFile", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_PasswordFile_IsUsed()
    {
        Assert.SkipWhen(RedisServer.IsMissing, "redis-server is not installed.");
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("password"), "correct, horse\n", TestContext.Current.CancellationToken);
        await using var server = await RedisServer.StartAsync("--requirepass", "correct, horse");
        await using var node = await Node.StartAsync(server.Address, options => options.PasswordFile = folder.File("password"));

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", Some.Bucket(10)));
    }
}
