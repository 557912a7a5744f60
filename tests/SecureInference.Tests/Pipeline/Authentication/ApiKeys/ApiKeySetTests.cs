using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeySetTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);

    private static readonly ApiKeyRow Template = new()
    {
        Id = "",
        Environment = ApiKey.Live,
        Owner = "shop",
        Scopes = ["model:digits:infer", "model:other:read"],
        Tier = "gold",
        Created = Now,
        Expires = Now.AddDays(1),
    };

    public static TheoryData<string> Changes => [.. ChangedRows.Keys];

    private static Dictionary<string, Func<ApiKeyRow, ApiKeyRow>> ChangedRows { get; } = new()
    {
        ["owner"] = row => row with { Owner = "shop2" },
        ["tier"] = row => row with { Tier = "platinum" },
        ["no tier"] = row => row with { Tier = null },
        ["environment"] = row => row with { Environment = ApiKey.Test },
        ["later expiry"] = row => row with { Expires = row.Expires!.Value.AddMilliseconds(1) },
        ["no expiry"] = row => row with { Expires = null },
        ["more scopes"] = row => row with { Scopes = [.. row.Scopes, "admin"] },
        ["fewer scopes"] = row => row with { Scopes = [row.Scopes[0]] },
        ["no scopes"] = row => row with { Scopes = [] },
        ["other scope"] = row => row with { Scopes = ["model:*:infer", row.Scopes[1]] },
        ["scopes in another order"] = row => row with { Scopes = [row.Scopes[1], row.Scopes[0]] },
        ["other verifier"] = row => row with { Verifier = Convert.ToBase64String(new byte[32]) },
        ["tier that was the owner"] = row => row with { Owner = "sho", Tier = "pgold" },
    };

    [Fact]
    public void Find_KeyOfTheRow_IsItsOwner()
    {
        var row = ApiKeyFile.CreateKey(Template, out var key);

        Assert.Null(Find([row], key, out var caller));

        Assert.Equal("shop", caller?.Subject);
        Assert.Equal("ApiKey", caller?.Method);
        Assert.Equal("gold", caller?.Tier);
        Assert.Equal(row.Id, caller?.CredentialId);
        Assert.Equal(Template.Scopes, caller?.Scopes.Scopes);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Find_RightsOfTheRowWereChanged_RejectsTheKey(string change)
    {
        var row = ApiKeyFile.CreateKey(Template, out var key);

        var reason = Find([ChangedRows[change](row)], key, out var caller);

        Assert.Equal("key_unknown", reason);
        Assert.Null(caller);
    }

    [Fact]
    public void Find_IdOfTheRowWasChanged_RejectsBothKeys()
    {
        var victim = ApiKeyFile.CreateKey(Template with { Scopes = ["admin"] }, out _);
        var mine = ApiKeyFile.CreateKey(Template with { Scopes = [] }, out var key);

        Assert.Equal("key_unknown", Find([victim with { Id = mine.Id }], key, out _));
        Assert.Equal("key_unknown", Find([victim with { Verifier = mine.Verifier, Id = mine.Id }], key, out _));
    }

    [Fact]
    public void Find_KeyOfAnotherStore_IsUnknown()
    {
        var row = ApiKeyFile.CreateKey(Template, out _);

        Assert.Equal("key_unknown", Find([row], ApiKey.Create(ApiKey.Live, out _), out _));
        Assert.Equal("key_unknown", Find([], ApiKey.Create(ApiKey.Live, out _), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("si_live_")]
    [InlineData("\0")]
    public void Find_NoKeyAtAll_IsMalformed(string text) => Assert.Equal("key_malformed", Find([], text, out _));

    [Fact]
    public void Find_RevokedKey_IsRejected()
    {
        var row = ApiKeyFile.CreateKey(Template, out var key);

        Assert.Equal("key_revoked", Find([row with { Revoked = Now.AddYears(1) }], key, out var caller));
        Assert.Null(caller);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "key_expired")]
    [InlineData(1, "key_expired")]
    public void Find_AroundItsExpiry_IsRejectedFromThatInstant(int ticks, string? expected)
    {
        var row = ApiKeyFile.CreateKey(Template, out var key);
        var set = ApiKeySet.Create(FileOf(row), new CallerStates(), acceptTestKeys: false);

        Assert.Equal(expected, set.Find(key, Template.Expires!.Value.AddTicks(ticks), out _));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "key_for_test_only")]
    public void Find_TestKey_IsAcceptedOutsideProductionOnly(bool acceptTestKeys, string? expected)
    {
        var row = ApiKeyFile.CreateKey(Template with { Environment = ApiKey.Test }, out var key);

        Assert.Equal(expected, ApiKeySet.Create(FileOf(row), new CallerStates(), acceptTestKeys).Find(key, Now, out _));
    }

    [Fact]
    public void Create_StoreIsReadAgain_KeepsTheStateOfEachOwner()
    {
        var states = new CallerStates();
        var first = ApiKeyFile.CreateKey(Template, out var oldKey);
        var second = ApiKeyFile.CreateKey(Template, out var newKey);
        ApiKeySet.Create(FileOf(first), states, acceptTestKeys: false).Find(oldKey, Now, out var before);

        ApiKeySet.Create(FileOf(second), states, acceptTestKeys: false).Find(newKey, Now, out var after);

        Assert.Same(before!.State, after!.State);
    }

    [Fact]
    public void Create_TwoRowsWithOneId_ThrowsAndNamesIt()
    {
        var row = ApiKeyFile.CreateKey(Template, out _);

        var exception = Assert.Throws<InvalidDataException>(() => Find([row, row], "", out _));

        Assert.Contains(row.Id, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    public void Create_VerifierThatIsNone_Throws(string verifier)
    {
        var row = ApiKeyFile.CreateKey(Template, out _) with { Verifier = verifier };

        Assert.Contains("verifier", Assert.Throws<InvalidDataException>(() => Find([row], "", out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_RowWithAWrongField_Throws()
    {
        var row = ApiKeyFile.CreateKey(Template, out _);

        Assert.Throws<InvalidDataException>(() => Find([row with { Owner = "" }], "", out _));
        Assert.Throws<InvalidDataException>(() => Find([row with { Environment = "prod" }], "", out _));
        Assert.Throws<InvalidDataException>(() => Find([row with { Scopes = ["model:digits"] }], "", out _));
    }

    private static string? Find(ApiKeyRow[] rows, string key, out Caller? caller) =>
        ApiKeySet.Create(FileOf(rows), new CallerStates(), acceptTestKeys: true).Find(key, Now, out caller);

    private static ApiKeyFile FileOf(params ApiKeyRow[] rows) => ApiKeyFile.Empty with { Keys = rows };
}
