using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Tests.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication;

public sealed class CredentialReaderTests : IAsyncLifetime
{
    private readonly StoreHarness _harness = new();
    private ApiKeyStore? _store;
    private readonly string _shop;
    private readonly string _bank;
    private Caller? _caller;

    public CredentialReaderTests()
    {
        _shop = _harness.AddKey("shop");
        _bank = _harness.AddKey("bank");
    }

    public async ValueTask InitializeAsync() => _store = await _harness.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _harness.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Read_NoCredential_Is401() => Assert.Equal(401, Read([], [])?.Status);

    [Fact]
    public async Task Read_NoCredential_SaysWhatIsTaken()
    {
        Assert.Equal("No credential was sent. Send an API key in the header x-api-key, or as a bearer token.", Read([], [])?.Detail);

        var sut = new CredentialReader(
            new ApiKeyReader(_store!, Options.Create(new ApiKeyOptions()), _harness.Time), Options.Create(new ApiKeyOptions()),
            others: [new Other("a token", IsConfigured: true), new Other("a secret sign", IsConfigured: false), new Other("a certificate", IsConfigured: true)]);
        var found = await sut.ReadAsync(new DefaultHttpContext());

        Assert.Equal("No credential was sent. Send an API key in the header x-api-key, or as a bearer token; or a token; or a certificate.", found.Error?.Detail);
    }

    [Fact]
    public void Read_GoodKey_IsItsOwner()
    {
        Assert.Null(Read([_shop], []));
        Assert.Equal("shop", _caller?.Subject);
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("BEARER   {0}  ")]
    public void Read_GoodKeyAsBearerToken_IsItsOwner(string format)
    {
        Assert.Null(Read([], [Format(format)]));
        Assert.Equal("shop", _caller?.Subject);
    }

    [Theory]
    [InlineData("Basic c2hvcDpzZWNyZXQ=")]
    [InlineData("Digest username=\"shop\"")]
    [InlineData("")]
    [InlineData("{0}")]
    [InlineData("Bearerish {0}")]
    [InlineData("Bearer\t{0}")]
    public void Read_SchemeThatNobodyKnows_Is401WithoutAnErrorAttribute(string authorization) =>
        Assert.Equal(InferenceErrorCode.CredentialMissing, Read([], [Format(authorization)])?.Code);

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer    ")]
    [InlineData("Bearer {0} {0}")]
    [InlineData("Bearer {0} x")]
    public void Read_MalformedBearer_Is400(string authorization) => Assert.Equal(400, Read([], [Format(authorization)])?.Status);

    [Fact]
    public void Read_TwoAuthorizationHeaders_Is400() =>
        Assert.Equal(400, Read([], ["Bearer " + _shop, "Bearer " + _shop])?.Status);

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Bearer si_")]
    [InlineData("Bearer {0}0")]
    [InlineData("Bearer \"{0}\"")]
    [InlineData("Bearer {0},{0}")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.e30.")]
    public void Read_TokenThatIsNotAccepted_Is401InvalidToken(string authorization)
    {
        var error = Read([], [Format(authorization)]);

        Assert.Equal(InferenceErrorCode.TokenInvalid, error?.Code);
        Assert.Equal(401, error?.Status);
        Assert.Null(_caller);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("{0} ")]
    [InlineData(" {0}")]
    [InlineData("{0},{0}")]
    [InlineData("\"{0}\"")]
    [InlineData("{0}\0")]
    [InlineData("{0}\r\nx-admin: 1")]
    [InlineData("clé")]
    [InlineData("ｓi_live_")]
    public void Read_KeyThatIsNotAccepted_Is403(string key)
    {
        var error = Read([Format(key)], []);

        Assert.Equal(InferenceErrorCode.CredentialRejected, error?.Code);
        Assert.Equal(403, error?.Status);
        Assert.Null(_caller);
    }

    [Fact]
    public void Read_HugeValues_AreRefused()
    {
        var huge = new string('a', 65_536);

        Assert.Equal(403, Read([huge], [])?.Status);
        Assert.Equal(403, Read(["si_live_" + huge], [])?.Status);
        Assert.Equal(401, Read([], ["Bearer " + huge])?.Status);
        Assert.Equal(401, Read([], ["Bearer si_" + huge])?.Status);
        Assert.Equal(401, Read([], [huge])?.Status);
    }

    [Fact]
    public void Read_NullValues_AreRefused()
    {
        Assert.Equal(403, Read([null], [])?.Status);
        Assert.Equal(401, Read([], [null])?.Status);
    }

    [Fact]
    public void Read_SameKeyTwice_IsItsOwner()
    {
        Assert.Null(Read([_shop], ["Bearer " + _shop]));
        Assert.Null(Read([_shop, _shop], []));
        Assert.Equal("shop", _caller?.Subject);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_TwoSecretsOfOneKey_EachIsLookedAtAgain(bool isOldFirst)
    {
        var renewed = TestKeys.Rotate(_harness.FilePath, _shop.Split('_')[2], TimeSpan.FromDays(1));
        _harness.Poll(_store!);
        var found = Find(isOldFirst ? [_shop] : [renewed], ["Bearer " + (isOldFirst ? renewed : _shop)]);
        Assert.Null(found.Check!.Recheck(found.Caller!));

        TestKeys.Change(_harness.FilePath, rows => rows.Select(row => row with { Secrets = [row.Secrets[0] with { Expires = row.Created }, .. row.Secrets.Skip(1)] }));
        _harness.Poll(_store!);

        Assert.Equal("key_superseded", found.Check.Recheck(found.Caller!)?.Reason);
    }

    [Fact]
    public void Read_KeysOfTwoCallers_Is400()
    {
        Assert.Equal(InferenceErrorCode.CredentialsAmbiguous, Read([_shop], ["Bearer " + _bank])?.Code);
        Assert.Equal(InferenceErrorCode.CredentialsAmbiguous, Read([_bank], ["Bearer " + _shop])?.Code);
        Assert.Equal(InferenceErrorCode.CredentialsAmbiguous, Read([_shop, _bank], [])?.Code);
    }

    [Fact]
    public void Read_GoodKeyBesideABadCredential_IsRefused()
    {
        Assert.Equal(401, Read([_shop], ["Bearer x"])?.Status);
        Assert.Equal(403, Read(["x"], ["Bearer " + _shop])?.Status);
        Assert.Equal(403, Read([_shop, ""], [])?.Status);
        Assert.Equal(400, Read([_shop], ["Bearer"])?.Status);
    }

    [Fact]
    public void Read_RejectedStatusCodeIs401_AnswersSo()
    {
        var error = Read(["x"], [], new ApiKeyOptions { RejectedStatusCode = 401 });

        Assert.Equal(401, error?.Status);
        Assert.Equal("key_malformed", error?.Reason);
    }

    [Fact]
    public void Read_AnotherHeaderIsConfigured_TheUsualOneMeansNothing() =>
        Assert.Equal(401, Read([_shop], [], new ApiKeyOptions { Header = "x-my-key" })?.Status);

    private string Format(string format) => format.Replace("{0}", _shop, StringComparison.Ordinal);

    private InferenceError? Read(string?[] keys, string?[] authorization, ApiKeyOptions? options = null)
    {
        var found = Find(keys, authorization, options);
        _caller = found.Caller;
        return found.Error;
    }

    private Recognition Find(string?[] keys, string?[] authorization, ApiKeyOptions? options = null)
    {
        var http = new DefaultHttpContext();
        var headers = http.Request.Headers;
        if (keys.Length > 0)
        {
            headers["X-Api-Key"] = keys;
        }

        if (authorization.Length > 0)
        {
            headers.Authorization = authorization;
        }

        var configured = Options.Create(options ?? new ApiKeyOptions());
        var reading = new CredentialReader(new ApiKeyReader(_store!, configured, _harness.Time), configured).ReadAsync(http).AsTask();
        Assert.True(reading.IsCompletedSuccessfully);
        return reading.GetAwaiter().GetResult();
    }

    private sealed record Other(string HowToSend, bool IsConfigured) : IOtherCredentials;
}
