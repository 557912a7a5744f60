using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>What becomes of a request in flight when the store changes under it.</summary>
public sealed class ApiKeyReaderInFlightTests : IAsyncLifetime
{
    private const int IdStart = 8;
    private const int IdLength = 12;
    private readonly StoreHarness _harness = new();
    private readonly string _key;
    private ApiKeyStore? _store;

    public ApiKeyReaderInFlightTests() => _key = _harness.AddKey("shop");

    private string Id => _key.Substring(IdStart, IdLength);

    public async ValueTask InitializeAsync() => _store = await _harness.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _harness.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Recheck_NothingHappened_GoesOn()
    {
        _harness.AddKey("bank");

        Assert.Null(RecheckAfterPoll(Read(_key)));
    }

    [Fact]
    public void Recheck_KeyRevoked_EndsTheRequest()
    {
        var found = Read(_key);
        TestKeys.RevokeAll(_harness.FilePath);

        Assert.Equal("key_revoked", RecheckAfterPoll(found));
    }

    [Fact]
    public void Recheck_RotatedWithAnOverlap_GoesOn()
    {
        var found = Read(_key);
        TestKeys.Rotate(_harness.FilePath, Id, TimeSpan.FromHours(1));

        Assert.Null(RecheckAfterPoll(found));
    }

    [Fact]
    public void Recheck_RotatedAtOnce_EndsTheRequestsOfTheOldSecretAlone()
    {
        var old = Read(_key);
        var rotated = TestKeys.Rotate(_harness.FilePath, Id, TimeSpan.Zero);

        Assert.Equal("key_superseded", RecheckAfterPoll(old));
        Assert.Null(RecheckAfterPoll(Read(rotated)));
    }

    [Fact]
    public void Recheck_RowOfTheSameIdIsSomebodyElsesNow_EndsTheRequest()
    {
        var found = Read(_key);
        TestKeys.Change(_harness.FilePath, rows => rows.Select(row =>
            new ApiKeyIssuer(static () => ApiKeyPeppers.None).Rotate(row with { Owner = "bank", Secrets = [] }, row.Created, TimeSpan.Zero, expires: null, out _)));

        Assert.Equal("key_superseded", RecheckAfterPoll(found));
    }

    private Recognition Read(string key)
    {
        var found = new ApiKeyReader(_store!, Options.Create(new ApiKeyOptions()), _harness.Time).Read(new DefaultHttpContext(), key);
        Assert.Null(found.Error?.Reason);
        return found;
    }

    private string? RecheckAfterPoll(Recognition found)
    {
        // Stores are changed by the clock of the machine, which the harness's clock was taken from a while ago.
        _harness.Time.Advance(TimeSpan.FromMinutes(5));
        _harness.Poll(_store!);
        return found.Check!.Recheck(found.Caller!)?.Reason;
    }
}
