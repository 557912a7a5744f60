using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeySetTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);

    private static readonly DateTimeOffset Expiry = Now.AddDays(1);

    private static readonly ApiKeyRow Template = new()
    {
        Id = "",
        Environment = ApiKey.Live,
        Owner = "shop",
        Scopes = ["model:digits:infer", "model:other:read"],
        Tier = "gold",
        Created = Now,
        Secrets = [],
    };

    public static TheoryData<string> Changes => [.. ChangedRows.Keys];

    private static Dictionary<string, Func<ApiKeyRow, ApiKeyRow>> ChangedRows { get; } = new()
    {
        ["owner"] = row => row with { Owner = "shop2" },
        ["tier"] = row => row with { Tier = "platinum" },
        ["no tier"] = row => row with { Tier = null },
        ["environment"] = row => row with { Environment = ApiKey.Test },
        ["networks"] = row => row with { Networks = ["10.0.0.0/8"] },
        ["priority"] = row => row with { Priority = 1 },
        ["more scopes"] = row => row with { Scopes = [.. row.Scopes, "admin"] },
        ["fewer scopes"] = row => row with { Scopes = [row.Scopes[0]] },
        ["no scopes"] = row => row with { Scopes = [] },
        ["other scope"] = row => row with { Scopes = ["model:*:infer", row.Scopes[1]] },
        ["scopes in another order"] = row => row with { Scopes = [row.Scopes[1], row.Scopes[0]] },
        ["other verifier"] = row => row with { Secrets = [row.Secrets[0] with { Verifier = Convert.ToBase64String(new byte[32]) }] },
        ["tier that was the owner"] = row => row with { Owner = "sho", Tier = "pgold" },
    };

    [Fact]
    public void Find_KeyOfTheRow_IsItsOwner()
    {
        var row = Make(Template, out var key);

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
        var row = Make(Template, out var key);

        var reason = Find([ChangedRows[change](row)], key, out var caller);

        Assert.Equal("key_unknown", reason);
        Assert.Null(caller);
    }

    [Fact]
    public void Find_IdOfTheRowWasChanged_RejectsBothKeys()
    {
        var victim = Make(Template with { Scopes = ["admin"] }, out _);
        var mine = Make(Template with { Scopes = [] }, out var key);

        Assert.Equal("key_unknown", Find([victim with { Id = mine.Id }], key, out _));
        Assert.Equal("key_unknown", Find([victim with { Secrets = mine.Secrets, Id = mine.Id }], key, out _));
    }

    [Fact]
    public void Find_KeyOfAnotherStore_IsUnknown()
    {
        var row = Make(Template, out _);

        Assert.Equal("key_unknown", Find([row], ApiKey.Create(ApiKey.Live, ApiKey.CreateId()), out _));
        Assert.Equal("key_unknown", Find([], ApiKey.Create(ApiKey.Live, ApiKey.CreateId()), out _));
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
        var row = Make(Template, out var key);

        Assert.Equal("key_revoked", Find([row with { Revoked = Now.AddYears(1) }], key, out var caller));
        Assert.Null(caller);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "key_expired")]
    [InlineData(1, "key_expired")]
    public void Find_AroundItsExpiry_IsRejectedFromThatInstant(int ticks, string? expected)
    {
        var row = Make(Template, out var key);
        var set = ApiKeySet.Create(new ApiKeySnapshot([row]), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys: false);

        Assert.Equal(expected, set.Find(key, Expiry.AddTicks(ticks), out _));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "key_for_test_only")]
    public void Find_TestKey_IsAcceptedOutsideProductionOnly(bool acceptTestKeys, string? expected)
    {
        var row = Make(Template with { Environment = ApiKey.Test }, out var key);

        Assert.Equal(expected, ApiKeySet.Create(new ApiKeySnapshot([row]), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys).Find(key, Now, out _));
    }

    [Fact]
    public void Create_StoreIsReadAgain_KeepsTheStateOfEachOwner()
    {
        var states = new CallerStates();
        var first = Make(Template, out var oldKey);
        var second = Make(Template, out var newKey);
        ApiKeySet.Create(new ApiKeySnapshot([first]), ApiKeyPeppers.None, states, acceptTestKeys: false).Find(oldKey, Now, out var before);

        ApiKeySet.Create(new ApiKeySnapshot([second]), ApiKeyPeppers.None, states, acceptTestKeys: false).Find(newKey, Now, out var after);

        Assert.Same(before!.State, after!.State);
    }

    [Fact]
    public void Create_TwoRowsWithOneId_ThrowsAndNamesIt()
    {
        var row = Make(Template, out _);

        var exception = Assert.Throws<InvalidDataException>(() => Find([row, row], "", out _));

        Assert.Contains(row.Id, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    public void Create_VerifierThatIsNone_Throws(string verifier)
    {
        var row = Make(Template, out _);
        row = row with { Secrets = [row.Secrets[0] with { Verifier = verifier }] };

        Assert.Contains("verifier", Assert.Throws<InvalidDataException>(() => Find([row], "", out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_RowWithAWrongField_Throws()
    {
        var row = Make(Template, out _);

        Assert.Throws<InvalidDataException>(() => Find([row with { Owner = "" }], "", out _));
        Assert.Throws<InvalidDataException>(() => Find([row with { Environment = "prod" }], "", out _));
        Assert.Throws<InvalidDataException>(() => Find([row with { Scopes = ["model:digits"] }], "", out _));
        Assert.Throws<InvalidDataException>(() => Find([row with { Networks = ["10.0.0.0"] }], "", out _));
    }

    private static string? Find(ApiKeyRow[] rows, string key, out Caller? caller) =>
        ApiKeySet.Create(new ApiKeySnapshot(rows), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys: true).Find(key, Now, out caller);

    private static ApiKeyRow Make(ApiKeyRow rights, out string key) =>
        new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(rights, Expiry, out key);
}
