using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyEntryTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Find_RowPlantedWithoutThePepper_RefusesTheWholeStore()
    {
        var planted = Make(ApiKeyPeppers.None, out _);

        var refusal = Assert.Throws<InvalidDataException>(() => Set([planted], Peppers.Of(1)));

        Assert.Contains("verifier without a pepper", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_RowPlantedWithAnotherPepper_IsUnknown()
    {
        var planted = Make(Peppers.Foreign(1), out var key);

        Assert.Equal("key_unknown", Set([planted], Peppers.Of(1)).Find(key, Now, out _));
    }

    [Fact]
    public void Find_VerifierThatThePeppersAbsenceWouldMake_IsUnknown()
    {
        var row = Make(ApiKeyPeppers.None, out var key);
        var claimed = row with { Secrets = [row.Secrets[0] with { Pepper = 1 }] };

        Assert.Equal("key_unknown", Set([claimed], Peppers.Of(1)).Find(key, Now, out _));
    }

    [Fact]
    public void Find_RowWithoutAPepperInASealedStore_IsAccepted()
    {
        var old = Make(ApiKeyPeppers.None, out var key);
        var snapshot = new ApiKeySnapshot([old]) { IsSealed = true };

        Assert.Null(ApiKeySet.Create(snapshot, Peppers.Of(1), new CallerStates(), acceptTestKeys: false).Find(key, Now, out _));
    }

    [Fact]
    public void Find_VersionOfThePepperIsMissing_RefusesTheStoreUnlessTheKeyIsRevoked()
    {
        var row = Make(Peppers.Of(1), out var key);

        Assert.Contains("version 1", Assert.Throws<InvalidDataException>(() => Set([row], Peppers.Of(2))).Message, StringComparison.Ordinal);
        Assert.Equal("key_unknown", Set([row with { Revoked = Now }], Peppers.Of(2)).Find(key, Now, out _));
        Assert.Equal("key_unknown", Set([row], Peppers.Of(2), revokedBefore: Now).Find(key, Now, out _));
    }

    [Fact]
    public void Find_SuspendedKey_IsRefusedUntilItIsResumed()
    {
        var row = Make(Peppers.Of(1), out var key);

        Assert.Equal("key_suspended", Set([row with { Suspended = Now }], Peppers.Of(1)).Find(key, Now, out _));
        Assert.Equal("key_revoked", Set([row with { Suspended = Now, Revoked = Now }], Peppers.Of(1)).Find(key, Now, out _));
        Assert.Null(Set([row with { Suspended = null }], Peppers.Of(1)).Find(key, Now, out _));
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "key_revoked")]
    [InlineData(1, "key_revoked")]
    public void Find_EverythingUntilAnInstantIsRevoked_RefusesWhatWasMadeUntilThen(int ticks, string? expected)
    {
        var row = Make(Peppers.Of(1), out var key);

        Assert.Equal(expected, Set([row], Peppers.Of(1), Now.AddTicks(ticks)).Find(key, Now.AddDays(1), out _));
    }

    [Fact]
    public void Find_EverythingUntilARotationIsRevoked_TheNewSecretWorks()
    {
        var row = Make(Peppers.Of(1), out var old);
        row = new ApiKeyIssuer(static () => Peppers.Of(1)).Rotate(row, Now.AddHours(1), TimeSpan.FromDays(7), expires: null, out var made);
        var set = Set([row], Peppers.Of(1), Now);

        Assert.Equal("key_revoked", set.Find(old, Now.AddHours(1), out _));
        Assert.Null(set.Find(made, Now.AddHours(1), out _));
        Assert.Null(set.Recheck(row.Id, Now.AddHours(1)));
    }

    [Fact]
    public void Recheck_EachEnd_SaysWhy()
    {
        var row = Make(Peppers.Of(1), out _);
        var expiring = row with { Secrets = [row.Secrets[0] with { Expires = Now.AddDays(1) }] };

        Assert.Null(Set([row], Peppers.Of(1)).Recheck(row.Id, Now));
        Assert.Equal("key_suspended", Set([row with { Suspended = Now }], Peppers.Of(1)).Recheck(row.Id, Now));
        Assert.Equal("key_revoked", Set([row with { Revoked = Now }], Peppers.Of(1)).Recheck(row.Id, Now));
        Assert.Equal("key_revoked", Set([row], Peppers.Of(1), Now).Recheck(row.Id, Now));
        Assert.Equal("key_expired", Set([expiring], Peppers.Of(1)).Recheck(row.Id, Now.AddDays(1)));
        Assert.Equal("key_revoked", Set([row with { Secrets = [] }], Peppers.Of(1)).Recheck(row.Id, Now));
        Assert.Equal("key_unknown", Set([], Peppers.Of(1)).Recheck(row.Id, Now));
    }

    [Fact]
    public void Hashes_KeysOfSeveralPeppers_AreAsManyForEveryLookUp()
    {
        var first = Make(Peppers.Of(1), out _);
        var rotated = new ApiKeyIssuer(static () => Peppers.Of(1, 2)).Rotate(first, Now, TimeSpan.FromDays(7), expires: null, out _);
        var single = Make(Peppers.Of(1, 2), out _);

        Assert.Equal(2, Set([rotated, single], Peppers.Of(1, 2)).Hashes);
        Assert.Equal(1, Set([single], Peppers.Of(1, 2)).Hashes);
        Assert.Equal(1, Set([], Peppers.Of(1)).Hashes);
    }

    [Fact]
    public void DeriveRowKey_AnyRight_MakesAnother()
    {
        var row = Make(Peppers.Of(1), out _);
        ApiKeyRow[] rows =
        [
            row, row with { Id = "x" }, row with { Environment = "test" }, row with { Owner = "x" }, row with { Tier = "x" }, row with { Priority = 1 },
            row with { Scopes = [] }, row with { Networks = ["10.0.0.0/8"] },
        ];
        var pepper = Peppers.Of(1).Get(1);

        var derived = rows.Select(each => Convert.ToHexString(ApiKeyVerifier.DeriveRowKey(each, pepper))).ToList();

        Assert.Equal(rows.Length, derived.Distinct().Count());
        Assert.DoesNotContain(Convert.ToHexString(ApiKeyVerifier.DeriveRowKey(row, pepper: null)), derived);
        Assert.Equal(derived[0], Convert.ToHexString(ApiKeyVerifier.DeriveRowKey(row with { Networks = [], Secrets = [], Created = Now.AddDays(1) }, pepper)));
    }

    private static ApiKeySet Set(ApiKeyRow[] rows, ApiKeyPeppers peppers, DateTimeOffset? revokedBefore = null) =>
        ApiKeySet.Create(new ApiKeySnapshot(rows) { RevokedBefore = revokedBefore }, peppers, new CallerStates(), acceptTestKeys: false);

    private static ApiKeyRow Make(ApiKeyPeppers peppers, out string key) => new ApiKeyIssuer(() => peppers).Create(
        new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = "shop", Scopes = ["model:digits:infer"], Created = Now, Secrets = [] }, expires: null, out key);
}
