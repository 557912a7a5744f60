using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class UnfinishedChangeTests : IDisposable
{
    private readonly ToolFixture _tool = new() { Pepper = ApiKeyPeppers.Create(1) };

    private string Unfinished => ApiKeyFile.UnfinishedPath(_tool.Store);

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("revoke")]
    [InlineData("seal")]
    public async Task AnyCommand_HalfTheStoreIsWritten_FinishesTheChangeFirst(string command)
    {
        var (key, whole) = await InterruptAsync();

        var answer = await _tool.RunAsync(["keys", command, .. command is "show" or "revoke" ? (string[])[key] : [], "--store", _tool.Store]);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Contains(_tool.ReadStore().Keys, row => row.Id == ToolFixture.IdOf(key));
        Assert.False(File.Exists(Unfinished));
        if (command is "list" or "show" or "seal")
        {
            Assert.Equal(whole, await ReadAsync(_tool.Store));
        }
    }

    [Fact]
    public async Task Create_HalfTheStoreIsWritten_KeepsBothChanges()
    {
        var (key, _) = await InterruptAsync();

        var second = await _tool.CreateKeyAsync();

        Assert.Equal([ToolFixture.IdOf(key), ToolFixture.IdOf(second)], _tool.ReadStore().Keys.Skip(1).Select(static row => row.Id));
    }

    [Fact]
    public async Task AnyCommand_HalfOfTheUnfinishedStoreIsThere_TheStoreCounts()
    {
        await _tool.CreateKeyAsync();
        var store = await ReadAsync(_tool.Store);
        await File.WriteAllTextAsync(Unfinished, store[..100], TestContext.Current.CancellationToken);

        await _tool.DoAsync("list");
        Assert.Equal(store, await ReadAsync(_tool.Store));
        await _tool.CreateKeyAsync();

        Assert.Equal(2, _tool.ReadStore().Keys.Count);
        Assert.False(File.Exists(Unfinished));
    }

    [Fact]
    public async Task AnyCommand_NeitherIsWhole_Exits3AndChangesNothing()
    {
        var (_, whole) = await InterruptAsync();
        await File.WriteAllTextAsync(Unfinished, whole[..100], TestContext.Current.CancellationToken);

        await AssertRefusedAsync(3, "Restore the store from a copy");
    }

    [Fact]
    public async Task AnyCommand_UnfinishedStoreOfSomebodyElse_Exits1AndChangesNothing()
    {
        await InterruptAsync();
        var file = ApiKeyFile.Read(Unfinished);
        File.Delete(Unfinished);
        (file with { Keys = [file.Keys[0] with { Scopes = ["admin"] }] }).Write(Unfinished);

        await AssertRefusedAsync(1, "seal does not fit");
    }

    [Fact]
    public async Task AnyCommand_UnfinishedStoreWithoutThePepper_Exits1AndChangesNothing()
    {
        await InterruptAsync();
        _tool.Pepper = null;

        await AssertRefusedAsync(1, "is sealed with a pepper");
    }

    private async Task AssertRefusedAsync(int exitCode, string message)
    {
        var (store, unfinished) = (await ReadAsync(_tool.Store), await ReadAsync(Unfinished));
        foreach (var command in (string[][])[["list"], ["create", "--owner", "a", "--scope", "admin"], ["revoke", "--before", "now"]])
        {
            var answer = await _tool.RunAsync(["keys", .. command, "--store", _tool.Store]);

            Assert.Equal(exitCode, answer.ExitCode);
            Assert.Contains(message, answer.Error, StringComparison.Ordinal);
        }

        Assert.Equal((store, unfinished), (await ReadAsync(_tool.Store), await ReadAsync(Unfinished)));
    }

    /// <summary>Leaves what a kill in the middle of the writing leaves.</summary>
    private async Task<(string Key, string Whole)> InterruptAsync()
    {
        await _tool.CreateKeyAsync();
        var before = await ReadAsync(_tool.Store);
        var key = await _tool.CreateKeyAsync();
        var whole = await ReadAsync(_tool.Store);
        await File.WriteAllTextAsync(Unfinished, whole, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_tool.Store, "!" + whole[1..200] + before[200..], TestContext.Current.CancellationToken);
        return (key, whole);
    }

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
