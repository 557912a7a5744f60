using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class OwnKeyStoreTests : IDisposable
{
    private readonly StoreHarness _harness = new();
    private readonly OwnStore _own = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Open_StoreOfTheirOwn_ItsKeysAreAccepted()
    {
        var row = Make(ApiKeyPeppers.None, out var key);
        _own.Next = new ApiKeySnapshot([row]);

        using var store = await OpenAsync();

        Assert.Null(_harness.Find(store, key));
    }

    [Fact]
    public async Task Open_FileAndStoreOfTheirOwn_StopsTheStart()
    {
        _harness.AddKey("shop");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync(own: _own));

        Assert.Contains("Remove one of them", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NullAtTheFirstReading_StopsTheStart()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(OpenAsync);

        Assert.Contains("returned null", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_Null_MeansUnchanged()
    {
        var row = Make(ApiKeyPeppers.None, out var key);
        _own.Next = new ApiKeySnapshot([row]);
        using var store = await OpenAsync();
        store.TryGet(out var before);

        _own.Next = null;
        _harness.Poll(store);

        Assert.True(store.TryGet(out var after));
        Assert.Same(before, after);
        Assert.Null(_harness.Find(store, key));
    }

    [Fact]
    public async Task Poll_Changed_IsInForce()
    {
        var row = Make(ApiKeyPeppers.None, out var key);
        _own.Next = new ApiKeySnapshot([row]);
        using var store = await OpenAsync();

        _own.Next = new ApiKeySnapshot([row]) { RevokedBefore = _harness.Time.GetUtcNow() };
        _harness.Poll(store);

        Assert.Equal("key_revoked", _harness.Find(store, key));
    }

    [Fact]
    public async Task Poll_Throws_KeepsTheKeysUntilTheyAreTooOld()
    {
        var row = Make(ApiKeyPeppers.None, out var key);
        _own.Next = new ApiKeySnapshot([row]);
        using var store = await OpenAsync();
        _own.Trouble = new TimeoutException("The database does not answer.");

        _harness.Poll(store);
        Assert.Null(_harness.Find(store, key));
        Assert.NotNull(store.Degraded());
        _harness.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("store_too_old", _harness.Find(store, key));
        Assert.Equal(503, store.Find()?.Status);
    }

    [Fact]
    public async Task Poll_WrongRow_StaysAProblemUntilItIsRight()
    {
        var row = Make(ApiKeyPeppers.None, out var key);
        _own.Next = new ApiKeySnapshot([row]);
        using var store = await OpenAsync();

        _own.Next = new ApiKeySnapshot([row, row]);
        _harness.Poll(store);
        _own.Next = null;
        _harness.Poll(store);
        Assert.NotNull(store.Degraded());
        Assert.Null(_harness.Find(store, key));
        _own.Next = new ApiKeySnapshot([row]);
        _harness.Poll(store);

        Assert.Null(store.Degraded());
    }

    [Fact]
    public async Task Open_RowWithoutAPepperWhereOneIsConfigured_StopsTheStart()
    {
        _harness.AddPepper();
        var row = Make(ApiKeyPeppers.None, out _);
        _own.Next = new ApiKeySnapshot([row]);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _harness.OpenAsync(options: new ApiKeyOptions { PepperFile = TestKeys.PepperName }, own: _own));

        Assert.Contains("verifier without a pepper", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_PepperIsAdded_RowsThatTheStoreDoesNotReturnAgainAreCheckedByIt()
    {
        _harness.AddPepper();
        var row = Make(_harness.ReadPeppers(), out var key);
        _own.Next = new ApiKeySnapshot([row]);
        using var store = await _harness.OpenAsync(options: new ApiKeyOptions { PepperFile = TestKeys.PepperName }, own: _own);
        Assert.Null(_harness.Find(store, key));

        _own.Next = null;
        _harness.AddPepper();
        _harness.Poll(store);

        Assert.Equal("key_unknown", _harness.Find(store, key));
    }

    private Task<ApiKeyStore> OpenAsync() => _harness.OpenAsync(options: new ApiKeyOptions(), own: _own);

    private ApiKeyRow Make(ApiKeyPeppers peppers, out string key) => new ApiKeyIssuer(() => peppers).Create(
        new ApiKeyRow { Id = "", Environment = "live", Owner = "shop", Scopes = ["admin"], Created = _harness.Time.GetUtcNow(), Secrets = [] }, expires: null, out key);

    private sealed class OwnStore : IApiKeyStore
    {
        public ApiKeySnapshot? Next { get; set; }

        public Exception? Trouble { get; set; }

        public ValueTask<ApiKeySnapshot?> ReadAsync(CancellationToken cancellationToken) => Trouble is null ? ValueTask.FromResult(Next) : throw Trouble;
    }
}
