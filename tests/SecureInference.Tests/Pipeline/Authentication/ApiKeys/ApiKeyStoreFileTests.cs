using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyStoreFileTests : IDisposable
{
    private readonly StoreHarness _harness = new();

    public ApiKeyStoreFileTests() => _harness.AddPepper();

    private string Text => File.ReadAllText(_harness.FilePath);

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Poll_OlderCopyIsPutBack_IsRefusedWhileTheAppRuns()
    {
        var key = _harness.AddKey("shop");
        var copy = Text;
        using var store = await _harness.OpenAsync(options: StoreHarness.Sealed);
        Revoke();
        _harness.Poll(store);

        _harness.Replace(copy);
        _harness.Poll(store);

        Assert.Equal("key_revoked", _harness.Find(store, key));
        Assert.Contains(_harness.Log.Entries, static entry => entry.EventId == 1201 && entry.Message.Contains("generation 1", StringComparison.Ordinal));
        using var restarted = await _harness.OpenAsync(options: StoreHarness.Sealed);
        Assert.Null(_harness.Find(restarted, key));
    }

    [Fact]
    public async Task Poll_AnotherStoreOfTheSameGeneration_IsRefused()
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync(options: StoreHarness.Sealed);
        var other = ApiKeySeal.Add(ApiKeyFile.Empty with { Generation = 1 }, _harness.ReadPeppers());

        other.Write(_harness.FilePath);
        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
        Assert.NotNull(store.Degraded());
    }

    [Fact]
    public async Task Poll_RowAddedByHand_IsRefusedAndTheKeysStay()
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync(options: StoreHarness.Sealed);
        var file = ApiKeyFile.Read(_harness.FilePath);
        var planted = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(
            new ApiKeyRow { Id = "", Environment = "live", Owner = "mallory", Scopes = ["admin"], Created = _harness.Time.GetUtcNow(), Secrets = [] }, null, out var own);

        (file with { Generation = 9, Keys = [.. file.Keys, planted] }).Write(_harness.FilePath);
        _harness.Poll(store);

        Assert.Equal("key_unknown", _harness.Find(store, own));
        Assert.Null(_harness.Find(store, key));
        Assert.Contains(_harness.Log.Entries, static entry => entry.Message.Contains("seal does not fit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Poll_SealedWithTheNextPepper_IsReadOnceThePepperIsThere()
    {
        _harness.AddKey("shop");
        using var store = await _harness.OpenAsync(options: StoreHarness.Sealed);
        var pepper = _harness.Folder.File(TestKeys.PepperName);
        var both = await File.ReadAllTextAsync(pepper, TestContext.Current.CancellationToken) + "\n" + ApiKeyPeppers.Create(2);
        var aside = _harness.Folder.File("pepper2.txt");
        File.Copy(pepper, aside);
        await File.WriteAllTextAsync(aside, both, TestContext.Current.CancellationToken);
        var issued = Issue(ApiKeyPeppers.ReadFile(aside));

        _harness.Poll(store);
        var before = _harness.Find(store, issued);
        File.Move(aside, pepper, overwrite: true);
        _harness.Poll(store);

        Assert.Equal("key_unknown", before);
        Assert.Null(_harness.Find(store, issued));
    }

    [Fact]
    public async Task Open_SealThatDoesNotFit_StopsTheStart()
    {
        _harness.AddKey("shop");
        var file = ApiKeyFile.Read(_harness.FilePath);
        (file with { Generation = file.Generation + 1 }).Write(_harness.FilePath);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync(options: StoreHarness.Sealed));

        Assert.Contains("seal does not fit", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SealedStoreWithoutAPepper_StopsTheStart()
    {
        _harness.AddKey("shop");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync());

        Assert.Contains("SecureInference:ApiKeys:PepperFile", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_WhileTheStoreIsBeingWritten_WaitsWithoutAWordAndNotForEver()
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync(options: StoreHarness.Sealed);
        var whole = Text;
        await File.WriteAllTextAsync(_harness.FilePath + ".new", whole, TestContext.Current.CancellationToken);
        _harness.Replace("!" + whole[1..]);

        for (var second = 0; second < 4; second++)
        {
            _harness.Poll(store);
        }

        Assert.Null(store.Degraded());
        Assert.Empty(_harness.Log.Entries);
        for (var second = 0; second < 4; second++)
        {
            _harness.Poll(store);
        }

        Assert.NotNull(store.Degraded());
        Assert.Contains(_harness.Log.Entries, static entry => entry.EventId == 1201 && entry.Message.Contains("was interrupted", StringComparison.Ordinal));
        Assert.Null(_harness.Find(store, key));
    }

    private void Revoke()
    {
        var file = ApiKeyFile.Read(_harness.FilePath);
        var revoked = file with { Generation = file.Generation + 1, Keys = [.. file.Keys.Select(row => row with { Revoked = _harness.Time.GetUtcNow() })] };
        _harness.Replace(Sealed(revoked));
    }

    private string Sealed(ApiKeyFile file)
    {
        var path = _harness.Folder.File("sealed");
        ApiKeySeal.Add(file, _harness.ReadPeppers()).Write(path);
        return File.ReadAllText(path);
    }

    private string Issue(ApiKeyPeppers peppers)
    {
        var file = ApiKeyFile.Read(_harness.FilePath);
        var row = new ApiKeyIssuer(() => peppers).Create(
            new ApiKeyRow { Id = "", Environment = "live", Owner = "bank", Scopes = [], Created = _harness.Time.GetUtcNow(), Secrets = [] }, expires: null, out var key);
        ApiKeySeal.Add(file with { Generation = file.Generation + 1, Keys = [.. file.Keys, row] }, peppers).Write(_harness.FilePath);
        return key;
    }
}
