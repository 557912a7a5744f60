using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyIssuerTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly ApiKeyPeppers _peppers = Peppers.Of(1);

    private ApiKeyIssuer Sut => new(() => _peppers);

    [Fact]
    public void Create_Row_HoldsNothingOfTheSecret()
    {
        var row = Sut.Create(Rights(), expires: null, out var key);

        Assert.True(ApiKey.TryParse(key, out var parsed));
        Assert.Equal(parsed.Id.ToString(), row.Id);
        Assert.DoesNotContain(parsed.Secret.ToString(), row.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(parsed.Secret.ToString(), row.Secrets[0].Verifier);
        Assert.Equal(1, row.Secrets[0].Pepper);
    }

    [Fact]
    public void Create_WhateverIdAndSecretsAreGiven_MakesItsOwn()
    {
        var given = Rights() with { Id = "aaaaaaaaaaaa", Secrets = [new ApiKeySecret { Verifier = "x", Created = Now }] };

        var row = Sut.Create(given, expires: null, out _);

        Assert.NotEqual("aaaaaaaaaaaa", row.Id);
        Assert.NotEqual("x", Assert.Single(row.Secrets).Verifier);
    }

    [Fact]
    public void Create_EnvironmentThatIsNone_Throws() =>
        Assert.Throws<ArgumentException>(() => Sut.Create(Rights() with { Environment = "prod" }, expires: null, out _));

    [Fact]
    public void Create_AThousand_AreAllDifferent()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ =>
        {
            Sut.Create(Rights(), expires: null, out var key);
            return key;
        }).ToList();

        Assert.Equal(1000, keys.Distinct().Count());
        Assert.Equal(1000, keys.Select(static key => key[8..20]).Distinct().Count());
    }

    [Fact]
    public void Rotate_Key_BothSecretsWorkUntilTheOverlapEnds()
    {
        var row = Sut.Create(Rights(), Now.AddDays(90), out var old);

        row = Sut.Rotate(row, Now.AddDays(1), TimeSpan.FromDays(7), Now.AddDays(91), out var made);

        Assert.Equal(old[..20], made[..20]);
        Assert.Null(Find(row, old, Now.AddDays(8).AddTicks(-1)));
        Assert.Equal("key_superseded", Find(row, old, Now.AddDays(8)));
        Assert.Null(Find(row, made, Now.AddDays(8)));
        Assert.Equal("key_expired", Find(row, made, Now.AddDays(91)));
        Assert.Equal("key_superseded", Find(row, old, Now.AddDays(91)));
    }

    [Fact]
    public void Rotate_InTheInstantOfCreation_SupersedesTheOld()
    {
        var row = Sut.Create(Rights(), expires: null, out var old);

        row = Sut.Rotate(row, Now, TimeSpan.Zero, expires: null, out var made);

        Assert.Equal("key_superseded", Find(row, old, Now));
        Assert.Null(Find(row, made, Now));
    }

    [Fact]
    public void Rotate_OldSecretEndsBeforeTheOverlap_IsNotProlonged()
    {
        var row = Sut.Create(Rights(), Now.AddDays(2), out var old);

        row = Sut.Rotate(row, Now, TimeSpan.FromDays(7), expires: null, out _);

        Assert.Equal("key_superseded", Find(row, old, Now.AddDays(2)));
    }

    [Fact]
    public void Rotate_SecretsThatHaveEnded_AreLeftOut()
    {
        var row = Sut.Create(Rights(), Now.AddDays(1), out _);

        row = Sut.Rotate(row, Now.AddDays(1), TimeSpan.FromDays(7), expires: null, out _);

        Assert.Single(row.Secrets);
    }

    [Fact]
    public void Rotate_NewPepper_SecretsOfBothVersionsWork()
    {
        var row = Sut.Create(Rights(), expires: null, out var old);
        var newer = new ApiKeyIssuer(static () => Peppers.Of(1, 2));

        row = newer.Rotate(row, Now, TimeSpan.FromDays(7), expires: null, out var made);

        Assert.Equal([1, 2], row.Secrets.Select(static secret => secret.Pepper));
        Assert.Null(Find(row, old, Now, Peppers.Of(1, 2)));
        Assert.Null(Find(row, made, Now, Peppers.Of(1, 2)));
    }

    private string? Find(ApiKeyRow row, string key, DateTimeOffset now, ApiKeyPeppers? peppers = null) =>
        ApiKeySet.Create(new ApiKeySnapshot([row]), peppers ?? _peppers, new CallerStates(), acceptTestKeys: false).Find(key, now, out _);

    private static ApiKeyRow Rights() => new() { Id = "", Environment = ApiKey.Live, Owner = "shop", Scopes = ["model:digits:infer"], Created = Now, Secrets = [] };
}
