using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeySealTests
{
    private static readonly DateTimeOffset Time = new(2026, 10, 2, 12, 30, 15, TimeSpan.Zero);
    private static readonly ApiKeyPeppers Known = Peppers.Of(1, 2);

    /// <summary>Every value that the file holds, by the way to it.</summary>
    public static TheoryData<string> Values => [.. Leaves(Sealed()).Select(static leaf => leaf.GetPath())];

    /// <summary>Every list, with elements to remove, to swap and to repeat.</summary>
    public static TheoryData<string> Lists => [.. All(Sealed()).OfType<JsonArray>().Select(static list => list.GetPath())];

    /// <summary>Everything that a row or the file may say and these do not.</summary>
    public static TheoryData<string, string, string> Additions => new()
    {
        { "$", "revokedBefore", "\"2026-01-01T00:00:00Z\"" },
        { "$.keys[0]", "tier", "\"gold\"" },
        { "$.keys[0]", "tier", "\"\"" },
        { "$.keys[0]", "priority", "1" },
        { "$.keys[0]", "networks", "[\"10.0.0.0/8\"]" },
        { "$.keys[0]", "suspended", "\"2026-01-01T00:00:00Z\"" },
        { "$.keys[0]", "revoked", "\"2026-01-01T00:00:00Z\"" },
        { "$.keys[0].secrets[0]", "expires", "\"2026-01-01T00:00:00Z\"" },
        { "$.keys[0].secrets[0]", "pepper", "1" },
    };

    [Fact]
    public void Check_StoreAsItWasSealed_IsAccepted()
    {
        Check(Sealed(), Known);
        Check(Sealed(), Peppers.Of(2));
        Check(Sealed(), Peppers.Of(2, 3));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Check_AnyValueWasChanged_IsRefused(string path)
    {
        var file = Sealed();
        var leaf = Leaves(file).Single(leaf => leaf.GetPath() == path);
        leaf.ReplaceWith(Other(leaf));

        AssertRefused(file);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Check_AnyValueWasRemoved_IsRefused(string path)
    {
        var file = Sealed();
        var leaf = Leaves(file).Single(leaf => leaf.GetPath() == path);
        if (leaf.Parent is JsonArray list)
        {
            list.RemoveAt(leaf.GetElementIndex());
        }
        else
        {
            leaf.Parent!.AsObject().Remove(leaf.GetPropertyName());
        }

        AssertRefused(file);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void Check_ElementsWereRemovedSwappedOrRepeated_IsRefused(string path)
    {
        for (var index = 0; index < Find(Sealed(), path).Count; index++)
        {
            AssertRefusedAfter(path, list => list.RemoveAt(index));
            AssertRefusedAfter(path, list => list.Insert(index, list[index]!.DeepClone()));
            if (index > 0)
            {
                AssertRefusedAfter(path, list =>
                {
                    var element = list[index];
                    list.RemoveAt(index);
                    list.Insert(index - 1, element);
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Additions))]
    public void Check_SomethingWasAdded_IsRefused(string path, string name, string value)
    {
        var bare = new ApiKeyRow { Id = "aaaaaaaaaaaa", Environment = "live", Owner = "shop", Scopes = ["admin"], Created = Time, Secrets = [Secret(1)] };
        var file = ToJson(ApiKeySeal.Add(ApiKeyFile.Empty with { Generation = 7, Keys = [bare] }, Known));
        Check(file, Known);

        All(file).Single(node => node.GetPath() == path)[name] = JsonNode.Parse(value);

        AssertRefused(file);
    }

    [Fact]
    public void Check_TextThatMovesFromOneFieldToTheNext_IsRefused()
    {
        var file = Sealed();
        file["keys"]![0]!["owner"] = "sho";
        file["keys"]![0]!["tier"] = "pgold";

        AssertRefused(file);
    }

    [Fact]
    public void Check_SealOfAnotherPepper_IsRefused() => Assert.Throws<InvalidDataException>(() => Check(Sealed(), Peppers.Foreign(1, 2)));

    [Fact]
    public void Check_VersionThatIsNotListed_IsRefusedAndNamed()
    {
        var refusal = Assert.Throws<InvalidDataException>(() => Check(Sealed(), Peppers.Of(1)));

        Assert.Contains("version 2 of the pepper", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoSealButAPepper_IsRefused()
    {
        var file = Sealed();
        file.Remove("seal");
        file.Remove("pepper");

        Assert.Contains("keys seal", Assert.Throws<InvalidDataException>(() => Check(file, Known)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seal")]
    [InlineData("pepper")]
    [InlineData()]
    public void Check_SealButNoPepper_IsRefused(params string[] removed)
    {
        var file = Sealed();
        foreach (var name in removed)
        {
            file.Remove(name);
        }

        Assert.Contains(ApiKeyPeppers.Variable, Assert.Throws<InvalidDataException>(() => Check(file, ApiKeyPeppers.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NoPepper_TakesTheSealAway()
    {
        var file = ApiKeySeal.Add(Rich() with { Pepper = 1, Seal = "AA==" }, ApiKeyPeppers.None);

        Assert.Null(file.Seal);
        Assert.Null(file.Pepper);
    }

    private static void AssertRefusedAfter(string path, Action<JsonArray> change)
    {
        var file = Sealed();
        change(Find(file, path));
        AssertRefused(file);
    }

    private static JsonArray Find(JsonObject file, string path) => All(file).OfType<JsonArray>().Single(list => list.GetPath() == path);

    private static void AssertRefused(JsonObject file) => Assert.Throws<InvalidDataException>(() => Check(file, Known));

    private static void Check(JsonObject file, ApiKeyPeppers peppers) =>
        ApiKeySeal.Check(ApiKeyFile.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()), "keys.json"), peppers);

    private static JsonObject Sealed() => ToJson(ApiKeySeal.Add(Rich(), Known));

    private static JsonObject ToJson(ApiKeyFile file)
    {
        var path = Path.GetTempFileName();
        try
        {
            file.Write(path);
            return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ApiKeyFile Rich() => ApiKeyFile.Empty with
    {
        Generation = 7,
        RevokedBefore = Time.AddDays(-30),
        Keys = [Row("aaaaaaaaaaaa", "shop"), Row("bbbbbbbbbbbb", "bank") with { Scopes = ["admin", "model:a:read"], Networks = ["192.0.2.0/24", "2001:db8::/32"] }],
    };

    private static ApiKeyRow Row(string id, string owner) => new()
    {
        Id = id,
        Environment = "live",
        Owner = owner,
        Scopes = ["model:digits:infer", "model:other:read"],
        Tier = "gold",
        Priority = 2,
        Networks = ["10.0.0.0/8", "192.0.2.0/24"],
        Created = Time,
        Suspended = Time.AddHours(1),
        Revoked = Time.AddHours(2),
        Secrets = [Secret(1) with { Expires = Time.AddDays(1), Pepper = 1 }, Secret(2) with { Expires = Time.AddDays(2), Pepper = 2 }],
    };

    private static ApiKeySecret Secret(byte fill) => new() { Verifier = Convert.ToBase64String([.. Enumerable.Repeat(fill, 32)]), Created = Time.AddMinutes(fill) };

    private static IEnumerable<JsonValue> Leaves(JsonNode node) => All(node).OfType<JsonValue>();

    private static IEnumerable<JsonNode> All(JsonNode node) => node switch
    {
        JsonObject members => [node, .. members.SelectMany(static member => All(member.Value!))],
        JsonArray elements => [node, .. elements.SelectMany(static element => All(element!))],
        _ => [node],
    };

    // Still of the same kind, where that can be: what is no time or no number would be refused without a look at the seal.
    private static JsonNode Other(JsonValue value)
    {
        if (value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            return value.GetValue<long>() + 1;
        }

        var text = value.GetValue<string>();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) && text.Contains('T', StringComparison.Ordinal) && text.EndsWith("+00:00", StringComparison.Ordinal)
            ? time.AddTicks(1).ToString("O", CultureInfo.InvariantCulture)
            : (text[0] == 'x' ? 'y' : 'x') + text[1..];
    }
}
