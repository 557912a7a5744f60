using System.Text.Json.Nodes;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyStoreTests : IDisposable
{
    private readonly StoreHarness _harness = new();

    public static TheoryData<string> BrokenFiles =>
    [
        "", "{", "null", "[]", "\"keys\"", "{\"version\":1}",
        """{"version":1,"generation":2}""",
        """{"version":2,"generation":2,"keys":[]}""",
        """{"version":1,"generation":2,"keys":[],"extra":1}""",
        """{"version":1,"generation":2,"keys":null}""",
        """{"version":1,"generation":2,"keys":[null]}""",
        """{"version":1,"generation":2,"keys":[{}]}""",
        """{"version":1,"generation":99999999999999999999,"keys":[]}""",
        """{"version":1,"version":1,"generation":2,"keys":[]}""",
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
        { "verifier", "null" },
        { "created", "\"yesterday\"" },
        { "expires", "\"9999-99-99\"" },
    };

    public void Dispose() => _harness.Dispose();

    [Fact]
    public void Poll_KeyAdded_IsAcceptedWithoutARestart()
    {
        var first = _harness.AddKey("shop");
        using var store = _harness.Open();
        var second = _harness.AddKey("bank");
        var before = _harness.Find(store, second);

        _harness.Poll();

        Assert.Equal("key_unknown", before);
        Assert.Null(_harness.Find(store, first));
        Assert.Null(_harness.Find(store, second));
        Assert.Contains(_harness.Log.Entries, entry => entry.EventId == 1200);
    }

    [Fact]
    public void Poll_FileUnchanged_IsNotReadAgain()
    {
        _harness.AddKey("shop");
        using var store = _harness.Open();
        var before = store.Current;

        _harness.Poll();

        Assert.Same(before, store.Current);
        Assert.Empty(_harness.Log.Entries);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Poll_BrokenFile_KeepsTheLastGoodKeysAndSaysSoOnce(string text)
    {
        var key = _harness.AddKey("shop");
        using var store = _harness.Open();
        _harness.Replace(text);

        _harness.Poll();
        _harness.Poll();

        Assert.Null(_harness.Find(store, key));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public void Poll_BrokenField_KeepsTheLastGoodKeysAndSaysSoOnce(string field, string json)
    {
        var key = _harness.AddKey("shop", "admin");
        using var store = _harness.Open();
        _harness.Replace(WithField(field, json));

        _harness.Poll();
        _harness.Poll();

        Assert.Null(_harness.Find(store, key));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Open_BrokenFile_StopsTheStart(string text)
    {
        File.WriteAllText(_harness.FilePath, text);

        var exception = Assert.Throws<InvalidOperationException>(() => _harness.Open());

        Assert.StartsWith("The key store cannot be used.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public void Open_BrokenField_StopsTheStart(string field, string json)
    {
        _harness.AddKey("shop", "admin");
        File.WriteAllText(_harness.FilePath, WithField(field, json));

        Assert.Throws<InvalidOperationException>(() => _harness.Open());
    }

    [Fact]
    public void Poll_FileDeleted_KeepsTheLastGoodKeysAndSaysSo()
    {
        var key = _harness.AddKey("shop");
        using var store = _harness.Open();
        File.Delete(_harness.FilePath);

        _harness.Poll();
        _harness.Poll();

        Assert.Null(_harness.Find(store, key));
        Assert.Equal(1201, Assert.Single(_harness.Log.Entries).EventId);
    }

    [Fact]
    public void Poll_FileRepaired_IsReadAgain()
    {
        _harness.AddKey("shop");
        using var store = _harness.Open();
        var good = File.ReadAllText(_harness.FilePath);
        _harness.Replace("{");
        _harness.Poll();
        _harness.Replace(good);
        var key = _harness.AddKey("bank");

        _harness.Poll();

        Assert.Null(_harness.Find(store, key));
    }

    [Fact]
    public void Poll_LinkPointsElsewhere_IsAChange()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        TestKeys.Add(_harness.Folder.File("first.json"), "shop", []);
        var key = TestKeys.Add(_harness.Folder.File("second.json"), "bank", ["admin"]);
        File.CreateSymbolicLink(_harness.FilePath, "first.json");
        using var store = _harness.Open();
        File.CreateSymbolicLink(_harness.Folder.File("new"), "second.json");
        File.Move(_harness.Folder.File("new"), _harness.FilePath, overwrite: true);

        _harness.Poll();

        Assert.Null(_harness.Find(store, key));
    }

    [Fact]
    public void Open_MissingFile_SaysHowToMakeOne()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => _harness.Open());

        Assert.Contains("does not exist", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"secure-inference keys create --store {_harness.FilePath}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("Anything")]
    public void Open_NoStoreOutsideDevelopment_StopsTheStart(string environment)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => _harness.Open(environment, store: null));

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
