using System.Text.RegularExpressions;
using SecureInference.TestSupport;

namespace SecureInference.Redis.Tests;

/// <summary>Users with few rights, passwords, and TLS.</summary>
public sealed partial class AccessTests
{
    private const string Missing = "redis-server is not installed.";
    private const string Password = "correct-horse";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_AsTheUserOfTheDocs_Works()
    {
        await using var server = await RedisServer.StartAsync();
        var docs = await File.ReadAllTextAsync(Path.Combine(Checkout.Docs, "redis.md"), TestContext.Current.CancellationToken);
        var line = UserLine().Match(docs).Groups[1].Value.Replace("PASSWORD", Password, StringComparison.Ordinal);
        await (await server.AdminAsync()).ExecuteAsync("ACL", ["SETUSER", .. line.Split(' ')]);
        await using var node = await Node.StartAsync($"{server.Address},user=limits,password={Password}");
        var demand = Some.Bucket(10, 4);

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", demand));
        node.Limits.GiveBack("alice", new[] { demand });

        await Eventually.IsTrueAsync(async () => await Ask.LeftAsync(node, Some.Bucket(10, 0)) == 10, "the tokens are back");
        Assert.DoesNotContain(Password, string.Concat(node.Log.Entries), StringComparison.Ordinal);
    }

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData("+@all -evalsha -eval")]
    [InlineData("+@all -hset")]
    [InlineData("+@all -time")]
    [InlineData("+@all -pexpire")]
    public async Task Take_AsAUserWithoutARight_AnswersByTheModeAndSaysWhatToDo(string rights)
    {
        await using var server = await RedisServer.StartAsync();
        await (await server.AdminAsync()).ExecuteAsync("ACL", ["SETUSER", "limits", "on", ">" + Password, "~*", "&*", .. rights.Split(' ')]);
        await using var node = await Node.StartAsync(
            $"{server.Address},user=limits,password={Password}", static options => options.WhenUnavailable = WhenUnavailable.FailClosed, mustConnect: false);

        await Eventually.IsTrueAsync(() => node.Log.Entries.Any(static entry => entry.EventId == 3002), "it is said");

        Assert.Equal(SharedOutcome.FailClosed, await node.TakeAsync("alice", Some.Bucket(10)));
        var said = Assert.Single(node.Log.Entries, static entry => entry.EventId == 3002).Message;
        Assert.Contains("(permission)", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, said, StringComparison.Ordinal);
    }

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_WrongPassword_IsSaidWithoutIt()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", Password);
        await using var node = await Node.StartAsync($"{server.Address},password=wrong-battery", mustConnect: false);

        await Eventually.IsTrueAsync(
            () => node.Log.Entries.Any(static entry => entry.Message.Contains("(authentication)", StringComparison.Ordinal)), "it is said");

        Assert.Equal(SharedOutcome.Local, await node.TakeAsync("alice", Some.Bucket(10)));
        Assert.DoesNotContain("wrong-battery", string.Concat(node.Log.Entries), StringComparison.Ordinal);
    }

    [GeneratedRegex("^ACL SETUSER (.*)$", RegexOptions.Multiline)]
    private static partial Regex UserLine();
}
