using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyReaderTests : IDisposable
{
    private readonly StoreHarness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("::ffff:11.0.0.1", false)]
    [InlineData("2001:db9::7", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData(null, false)]
    public async Task Read_KeyOfTwoNetworks_IsAcceptedFromThereOnly(string? address, bool isAccepted)
    {
        var key = AddKey("10.0.0.0/8", "2001:db8::/32");
        using var store = await _harness.OpenAsync();

        var found = Read(store, key, address);

        Assert.Equal(isAccepted ? null : "key_wrong_network", found?.Reason);
        Assert.Equal(isAccepted ? null : InferenceErrorCode.CredentialRejected, found?.Code);
    }

    [Fact]
    public async Task Read_KeyWithoutNetworks_IsAcceptedFromAnywhere()
    {
        var key = AddKey();
        using var store = await _harness.OpenAsync();

        Assert.Null(Read(store, key, "192.0.2.1"));
        Assert.Null(Read(store, key, address: null));
    }

    [Fact]
    public async Task Read_AcceptedKeyOfANetwork_AllocatesNothing()
    {
        var key = AddKey("10.0.0.0/8", "192.0.2.0/24");
        using var store = await _harness.OpenAsync(options: new ApiKeyOptions { Store = "keys.json", LastUseFile = "uses.json" });
        var reader = new ApiKeyReader(store, Options.Create(new ApiKeyOptions()), TimeProvider.System);
        var http = From("192.0.2.1");
        for (var warming = 0; warming < 200; warming++)
        {
            Assert.Null(reader.Read(http, key).Error);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 100; index++)
        {
            reader.Read(http, key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static InferenceError? Read(ApiKeyStore store, string key, string? address)
    {
        var reader = new ApiKeyReader(store, Options.Create(new ApiKeyOptions()), TimeProvider.System);
        return reader.Read(From(address), key).Error;
    }

    private static DefaultHttpContext From(string? address)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        return http;
    }

    private string AddKey(params string[] networks)
    {
        var row = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(
            new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = "shop", Scopes = ["admin"], Networks = networks, Created = _harness.Time.GetUtcNow(), Secrets = [] },
            expires: null,
            out var key);
        (ApiKeyFile.Empty with { Generation = 1, Keys = [row] }).Write(_harness.FilePath);
        return key;
    }
}
