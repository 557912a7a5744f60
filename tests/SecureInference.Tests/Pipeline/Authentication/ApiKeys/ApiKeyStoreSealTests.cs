using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>What somebody can do who may write the store, or the peppers, of a server that runs.</summary>
public sealed class ApiKeyStoreSealTests : IDisposable
{
    private static readonly ApiKeyOptions Sealed = new() { Store = "keys.json", PepperFile = TestKeys.PepperName };
    private readonly StoreHarness _harness = new();

    public ApiKeyStoreSealTests() => TestKeys.AddPepper(_harness.Folder.Path);

    public static TheoryData<string> Attacks => ["a row changed", "a row lent", "the seal taken off", "the seal and its version taken off", "an unsealed store", "a store of another pepper"];

    private string PepperPath => _harness.Folder.File(TestKeys.PepperName);

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("missing.txt")]
    [InlineData("no/such/folder/missing.txt")]
    public async Task Open_MissingPepperFile_NamesThePepperAndItsOption(string pepper)
    {
        _harness.AddKey("shop");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync(options: new ApiKeyOptions { Store = "keys.json", PepperFile = pepper }));

        Assert.EndsWith(
            $"The pepper file '{_harness.Folder.File(pepper)}' does not exist. Correct SecureInference:ApiKeys:PepperFile; 'secure-inference keys pepper' makes one.",
            exception.Message,
            StringComparison.Ordinal);
        Assert.IsType<FileNotFoundException>(exception.InnerException);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Poll_StoreThatNobodySealed_StaysOutOfForce(string attack)
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync(options: Sealed);
        var file = ApiKeyFile.Read(_harness.FilePath) is var read ? read with { Generation = read.Generation + 1 } : ApiKeyFile.Empty;
        var evil = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(file.Keys[0] with { Owner = "evil" }, expires: null, out var forged);
        _harness.Replace(Text(attack switch
        {
            "a row changed" => file with { Keys = [file.Keys[0] with { Revoked = file.Keys[0].Created }] },
            "a row lent" => file with { Keys = [file.Keys[0], evil] },
            "the seal taken off" => file with { Keys = [file.Keys[0], evil], Seal = null },
            "the seal and its version taken off" => file with { Keys = [file.Keys[0], evil], Seal = null, Pepper = null },
            "an unsealed store" => ApiKeyFile.Empty with { Generation = file.Generation, Keys = [evil] },
            _ => ApiKeySeal.Add(file with { Keys = [evil] }, Peppers(ApiKeyPeppers.Create(1))),
        }));

        _harness.Poll(store);
        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
        Assert.Equal("key_unknown", _harness.Find(store, forged));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Fact]
    public async Task Poll_OlderGenerationWithAGoodSeal_BringsNoRevokedKeyBack()
    {
        var key = _harness.AddKey("shop");
        var old = File.ReadAllText(_harness.FilePath);
        TestKeys.RevokeAll(_harness.FilePath);
        using var store = await _harness.OpenAsync(options: Sealed);
        _harness.Replace(old);

        _harness.Poll(store);

        Assert.Equal("key_revoked", _harness.Find(store, key));
    }

    [Fact]
    public async Task Poll_SealOfAnOlderPepperAfterANewerOne_StaysOutOfForce()
    {
        var key = _harness.AddKey("shop");
        var leaked = File.ReadAllText(PepperPath);
        ApiKeyPeppers.AddVersion(PepperPath);
        TestKeys.Change(_harness.FilePath, static rows => rows);
        using var store = await _harness.OpenAsync(options: Sealed);
        Assert.Equal(2, ApiKeyFile.Read(_harness.FilePath).Pepper);
        var evil = new ApiKeyIssuer(() => Peppers(leaked)).Create(ApiKeyFile.Read(_harness.FilePath).Keys[0] with { Owner = "evil" }, expires: null, out var forged);
        _harness.Replace(Text(ApiKeySeal.Add(ApiKeyFile.Empty with { Generation = 100, Keys = [evil] }, Peppers(leaked))));

        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
        Assert.Equal("key_unknown", _harness.Find(store, forged));
    }

    [Fact]
    public async Task Poll_PeppersTakenAway_StaysWithWhatWasSealedUntilThatIsTooOld()
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync(options: Sealed);
        File.Delete(PepperPath);
        _harness.Replace(Text(ApiKeyFile.Read(_harness.FilePath) with { Seal = null, Pepper = null, Generation = 50 }));

        _harness.Poll(store);
        var soon = _harness.Find(store, key);
        _harness.Time.Advance(Sealed.MaxStaleness);
        _harness.Poll(store);

        Assert.Null(soon);
        Assert.Equal("store_too_old", _harness.Find(store, key));
        Assert.Equal(InferenceErrorCode.CredentialsUnavailable, store.Find()?.Code);
    }

    [Fact]
    public async Task TryGet_StoreOfTheTeamsOwnThatHangs_IsRefusedOnceItIsTooOld()
    {
        var own = new HangingStore();
        using var store = await _harness.OpenAsync(options: new ApiKeyOptions(), own: own);
        own.Hang = true;
        _harness.Time.Advance(TimeSpan.FromSeconds(1));

        var soon = store.TryGet(out _);
        _harness.Time.Advance(new ApiKeyOptions().MaxStaleness);

        Assert.True(soon);
        Assert.False(store.TryGet(out _));
        own.Answer.SetResult(null);
        Assert.True(SpinWait.SpinUntil(() => store.TryGet(out _), TimeSpan.FromSeconds(30)));
    }

    private static ApiKeyPeppers Peppers(string text) => ApiKeyPeppers.Find(file: null, text);

    private string Text(ApiKeyFile file)
    {
        var path = _harness.Folder.File("forged.json");
        file.Write(path);
        return File.ReadAllText(path);
    }

    private sealed class HangingStore : IApiKeyStore
    {
        public bool Hang { get; set; }

        public TaskCompletionSource<ApiKeySnapshot?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // It does not listen to the token: the worst that a store can do.
        public ValueTask<ApiKeySnapshot?> ReadAsync(CancellationToken cancellationToken) =>
            Hang ? new ValueTask<ApiKeySnapshot?>(Answer.Task) : ValueTask.FromResult<ApiKeySnapshot?>(new ApiKeySnapshot([]));
    }
}
