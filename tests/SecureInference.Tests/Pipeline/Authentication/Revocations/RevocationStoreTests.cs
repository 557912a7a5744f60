using SecureInference.Pipeline.Authentication.Revocations;
using SecureInference.Tests.Pipeline.Authentication.Jwt;

namespace SecureInference.Tests.Pipeline.Authentication.Revocations;

public sealed class RevocationStoreTests
{
    private const string None = """{"version":1,"revoked":[]}""";
    private const string One = """{"version":1,"revoked":[{"jti":"t1"}]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryGet_NoFileIsConfigured_IsTheEmptyList()
    {
        await using var harness = await TokenHarness.StartAsync();

        Assert.True(harness.Get<RevocationStore>().TryGet(out var list));
        Assert.Same(RevocationList.Empty, list);
        Assert.Null(harness.Get<RevocationStore>().Find());
    }

    [Fact]
    public async Task TryGet_BeforeTheStart_DecidesNothing()
    {
        await using var harness = new TokenHarness(revocations: None);

        Assert.False(harness.Get<RevocationStore>().TryGet(out _));
    }

    [Fact]
    public async Task Check_FileIsMissing_StopsTheStartAndSaysWhatToWrite()
    {
        await using var harness = new TokenHarness(revocations: None);
        File.Delete(harness.RevocationPath);

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(harness.CheckAsync);

        Assert.Contains("does not exist. Write { \"version\": 1, \"revoked\": [] }", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FileIsBroken_StopsTheStart()
    {
        await using var harness = new TokenHarness(revocations: "{");

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(harness.CheckAsync);

        Assert.Contains("is not valid (line 1)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_FileChanges_IsAnotherList()
    {
        await using var harness = await TokenHarness.StartAsync(revocations: None);
        var store = harness.Get<RevocationStore>();
        Assert.True(store.TryGet(out var before));

        await File.WriteAllTextAsync(harness.RevocationPath, One, Cancelled);
        await UntilAsync(harness, () => store.TryGet(out var now) && now.Count == 1);

        Assert.True(store.TryGet(out var after));
        Assert.NotSame(before, after);
        Assert.True(after.IsTokenRevoked("x", "y", "t1", null));
    }

    [Fact]
    public async Task Poll_FolderIsSwappedBySymbolicLinks_IsAnotherList()
    {
        await using var harness = new TokenHarness(revocations: None);
        var (first, second, link) = (harness.Folder.File("..1"), harness.Folder.File("..2"), harness.Folder.File("..data"));
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);
        await File.WriteAllTextAsync(Path.Combine(first, "revoked.json"), None, Cancelled);
        await File.WriteAllTextAsync(Path.Combine(second, "revoked.json"), One, Cancelled);
        Directory.CreateSymbolicLink(link, "..1");
        File.Delete(harness.RevocationPath);
        File.CreateSymbolicLink(harness.RevocationPath, Path.Combine("..data", "revoked.json"));
        await harness.CheckAsync();
        var store = harness.Get<RevocationStore>();

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, "..2");

        await UntilAsync(harness, () => store.TryGet(out var now) && now.Count == 1);
    }

    [Fact]
    public async Task Poll_FileBreaks_TheLastGoodListStaysUntilItIsTooOld()
    {
        await using var harness = await TokenHarness.StartAsync(revocations: One);
        var store = harness.Get<RevocationStore>();
        await File.WriteAllTextAsync(harness.RevocationPath, "{", Cancelled);
        await UntilAsync(harness, () => store.FindDegradation() is not null);

        harness.Time.Advance(TimeSpan.FromMinutes(58));
        Assert.True(store.TryGet(out var list));
        Assert.Equal(1, list.Count);
        Assert.Null(store.Find());
        harness.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.False(store.TryGet(out _));
        Assert.Equal("credentials_unavailable", store.Find()?.Rule);

        await File.WriteAllTextAsync(harness.RevocationPath, None, Cancelled);
        await UntilAsync(harness, () => store.TryGet(out var now) && now.Count == 0);
        Assert.Null(store.Find());
        Assert.Null(store.FindDegradation());
    }

    /// <summary>Looks at the file again and again, as time does, without letting any of it pass.</summary>
    private static async Task UntilAsync(TokenHarness harness, Func<bool> condition)
    {
        while (!condition())
        {
            Cancelled.ThrowIfCancellationRequested();
            harness.Get<RevocationStore>().Poll();
            await Task.Yield();
        }
    }
}
