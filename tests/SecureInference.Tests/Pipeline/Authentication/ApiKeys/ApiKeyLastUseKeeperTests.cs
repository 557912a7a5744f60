using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyLastUseKeeperTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 10, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly CollectedLog _log = new();
    private readonly FakeTimeProvider _time = new(Noon.AddMinutes(30));

    private string UsesPath => _folder.File("uses.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tick_KeyWasUsed_IsWrittenToTheHourWithoutItsOwner()
    {
        using var sut = await StartAsync(out var uses);
        Use(uses, "aaaaaaaaaaaa");

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Noon, Assert.Single(Read()).Value);
        Assert.Equal([UsesPath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Tick_NothingIsNew_WritesNothing()
    {
        using var sut = await StartAsync(out var uses);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(File.Exists(UsesPath));
        Use(uses, "a");
        _time.Advance(TimeSpan.FromMinutes(1));
        File.Delete(UsesPath);

        Use(uses, "a");
        _time.Advance(TimeSpan.FromMinutes(5));
        await sut.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(File.Exists(UsesPath));
    }

    [Fact]
    public async Task Tick_NextHour_IsWrittenAgain()
    {
        using var sut = await StartAsync(out var uses);
        Use(uses, "a");
        _time.Advance(TimeSpan.FromMinutes(31));

        Use(uses, "a");
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Noon.AddHours(1), Read()["a"]);
    }

    [Fact]
    public async Task Stop_UsedSinceTheLastTick_IsWritten()
    {
        using var sut = await StartAsync(out var uses);
        Use(uses, "a");

        await sut.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Noon, Read()["a"]);
    }

    [Fact]
    public async Task Write_FileOfAnEarlierRun_IsMerged()
    {
        Write(("old", Noon.AddDays(-1)), ("both", Noon.AddDays(-1)), ("later", Noon.AddDays(1)));
        using var sut = await StartAsync(out var uses);
        Use(uses, "both");
        Use(uses, "later");
        Use(uses, "new");

        await sut.StopAsync(TestContext.Current.CancellationToken);

        var read = Read();
        Assert.Equal((Noon.AddDays(-1), Noon, Noon.AddDays(1), Noon), (read["old"], read["both"], read["later"], read["new"]));
    }

    [Fact]
    public async Task Write_FileThatIsSomethingElse_IsLeftAloneAndSaidOnce()
    {
        await File.WriteAllTextAsync(UsesPath, """{"version":2,"generation":1,"keys":[]}""", TestContext.Current.CancellationToken);
        using var sut = await StartAsync(out var uses);
        Use(uses, "a");

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(1210, Assert.Single(_log.Entries).EventId);
        Assert.Contains("keys", await File.ReadAllTextAsync(UsesPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_FolderComesLater_IsWrittenThenAndTroubleIsSaidOnceEachTime()
    {
        using var sut = await StartAsync(out var uses, "later/uses.json");
        Use(uses, "a");
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1210, Assert.Single(_log.Entries).EventId);

        Directory.CreateDirectory(_folder.File("later"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(File.Exists(_folder.File("later/uses.json")));
        Directory.Delete(_folder.File("later"), recursive: true);
        Use(uses, "b");
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(2, _log.Entries.Count);
    }

    [Fact]
    public async Task Start_NoFileIsConfigured_NothingIsKept()
    {
        using var sut = await StartAsync(out var uses, file: null);

        Assert.Null(uses.Get("a"));
        _time.Advance(TimeSpan.FromMinutes(3));
        await sut.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Find_StoreIsReadAgain_TheUseIsKept()
    {
        using var harness = new StoreHarness();
        var key = harness.AddKey("shop");
        var uses = new ApiKeyLastUses(Options.Create(new ApiKeyOptions { LastUseFile = "uses.json" }));
        Find(uses)?.LastUse?.Note(_time.GetUtcNow());

        Assert.Equal(Noon, Find(uses)?.LastUse?.Hour);

        ApiKeyEntry? Find(ApiKeyLastUses lastUses)
        {
            var keys = ApiKeySet.Create(new ApiKeySnapshot(ApiKeyFile.Read(harness.FilePath).Keys), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys: false, lastUses);
            keys.FindEntry(key, _time.GetUtcNow(), out var entry);
            return entry;
        }
    }

    private Task<ApiKeyLastUseKeeper> StartAsync(out ApiKeyLastUses uses, string? file = "uses.json")
    {
        var options = Options.Create(new ApiKeyOptions { LastUseFile = file });
        uses = new ApiKeyLastUses(options);
        var keeper = new ApiKeyLastUseKeeper(uses, options, new StoreHarness.HostEnvironment("Production", _folder.Path), Some.LoggingPart<AuthenticationTelemetry>(_log), _time);
        return StartAsync(keeper);

        static async Task<ApiKeyLastUseKeeper> StartAsync(ApiKeyLastUseKeeper keeper)
        {
            await keeper.StartAsync(TestContext.Current.CancellationToken);
            return keeper;
        }
    }

    private void Use(ApiKeyLastUses uses, string id) => uses.Get(id)!.Note(_time.GetUtcNow());

    private IReadOnlyDictionary<string, DateTimeOffset> Read() => ApiKeyLastUseFile.Read(UsesPath).LastUse;

    private void Write(params (string Id, DateTimeOffset Hour)[] uses) =>
        new ApiKeyLastUseFile { Version = 1, LastUse = uses.ToDictionary(static use => use.Id, static use => use.Hour) }.Write(UsesPath);
}
