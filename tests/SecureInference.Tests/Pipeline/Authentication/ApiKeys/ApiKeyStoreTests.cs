using System.Text.Json.Nodes;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyStoreTests : IDisposable
{
    private readonly StoreHarness _harness = new();

    public static TheoryData<string> BrokenFiles =>
    [
        "", "{", "null", "[]", "\"keys\"", "{\"version\":1}",
        """{"version":2,"generation":2}""",
        """{"version":1,"generation":2,"keys":[]}""",
        """{"version":3,"generation":2,"keys":[]}""",
        """{"version":2,"generation":2,"keys":[],"extra":1}""",
        """{"version":2,"generation":2,"keys":null}""",
        """{"version":2,"generation":2,"keys":[null]}""",
        """{"version":2,"generation":2,"keys":[{}]}""",
        """{"version":2,"generation":99999999999999999999,"keys":[]}""",
        """{"version":2,"version":2,"generation":2,"keys":[]}""",
    ];

    public static TheoryData<string, string> BrokenFields => new()
    {
        { "id", "null" },
        { "owner", "null" },
        { "owner", "\"\\ud834\"" },
        { "environment", "null" },
        { "scopes", "null" },
        { "scopes", "[null]" },
        { "scopes", "[\"everything\"]" },
        { "secrets", "null" },
        { "secrets", "[null]" },
        { "secrets", "[{}]" },
        { "secrets", "[{\"verifier\":null,\"created\":\"2026-01-01T00:00:00Z\"}]" },
        { "networks", "[null]" },
        { "networks", "[\"here\"]" },
        { "created", "\"yesterday\"" },
        { "revoked", "\"9999-99-99\"" },
    };

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Poll_KeyAdded_IsAcceptedWithoutARestart()
    {
        var first = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync();
        var second = _harness.AddKey("bank");

        _harness.Poll(store);

        Assert.Null(_harness.Find(store, first));
        Assert.Null(_harness.Find(store, second));
        Assert.Contains(_harness.Log.Entries, entry => entry.EventId == 1200);
    }

    [Fact]
    public async Task Poll_FileUnchanged_IsNotReadAgain()
    {
        _harness.AddKey("shop");
        using var store = await _harness.OpenAsync();
        store.TryGet(out var before);

        _harness.Poll(store);

        Assert.True(store.TryGet(out var after));
        Assert.Same(before, after);
        Assert.Empty(_harness.Log.Entries);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public async Task Poll_BrokenFile_KeepsTheLastGoodKeysAndSaysSoOnce(string text)
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync();
        _harness.Replace(text);

        _harness.Poll(store);
        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public async Task Poll_BrokenField_KeepsTheLastGoodKeysAndSaysSoOnce(string field, string json)
    {
        var key = _harness.AddKey("shop", "admin");
        using var store = await _harness.OpenAsync();
        _harness.Replace(WithField(field, json));

        _harness.Poll(store);
        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public async Task Open_BrokenFile_StopsTheStart(string text)
    {
        File.WriteAllText(_harness.FilePath, text);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync());

        Assert.StartsWith("The key store cannot be used.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public async Task Open_BrokenField_StopsTheStart(string field, string json)
    {
        _harness.AddKey("shop", "admin");
        File.WriteAllText(_harness.FilePath, WithField(field, json));

        await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync());
    }

    [Fact]
    public async Task Poll_FileDeleted_KeepsTheLastGoodKeysAndSaysSo()
    {
        var key = _harness.AddKey("shop");
        using var store = await _harness.OpenAsync();
        File.Delete(_harness.FilePath);

        _harness.Poll(store);
        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Fact]
    public async Task Poll_FileRepaired_IsReadAgain()
    {
        _harness.AddKey("shop");
        using var store = await _harness.OpenAsync();
        var good = File.ReadAllText(_harness.FilePath);
        _harness.Replace("{");
        _harness.Poll(store);
        _harness.Replace(good);
        var key = _harness.AddKey("bank");

        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
    }

    [Fact]
    public async Task Poll_LinkPointsElsewhere_IsAChange()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        TestKeys.Add(_harness.Folder.File("first.json"), "shop", []);
        var key = TestKeys.Add(_harness.Folder.File("second.json"), "bank", ["admin"]);
        File.CreateSymbolicLink(_harness.FilePath, "first.json");
        using var store = await _harness.OpenAsync();
        File.CreateSymbolicLink(_harness.Folder.File("new"), "second.json");
        File.Move(_harness.Folder.File("new"), _harness.FilePath, overwrite: true);

        _harness.Poll(store);

        Assert.Null(_harness.Find(store, key));
    }

    [Fact]
    public async Task Open_MissingFile_SaysHowToMakeOne()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync());

        Assert.Contains("does not exist", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"secure-inference keys create --store {_harness.FilePath}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("Anything")]
    public async Task Open_NoStoreOutsideDevelopment_StopsTheStart(string environment)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.OpenAsync(environment, new ApiKeyOptions()));

        Assert.Contains(environment, exception.Message, StringComparison.Ordinal);
        Assert.Contains("SecureInference:ApiKeys:Store", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Store_HoldsNoSecret()
    {
        var key = _harness.AddKey("shop");

        Assert.DoesNotContain(key[21..64], File.ReadAllText(_harness.FilePath), StringComparison.Ordinal);
    }

    private string WithField(string field, string json)
    {
        var file = JsonNode.Parse(File.ReadAllText(_harness.FilePath))!;
        file["keys"]![0]![field] = "FIELD";
        return file.ToJsonString().Replace("\"FIELD\"", json, StringComparison.Ordinal);
    }
}
