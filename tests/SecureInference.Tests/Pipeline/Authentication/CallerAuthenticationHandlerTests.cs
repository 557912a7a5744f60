using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Tests.Abstractions;
using SecureInference.Tests.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication;

public sealed class CallerAuthenticationHandlerTests : IAsyncLifetime
{
    private readonly StoreHarness _harness = new();
    private readonly string _bound;
    private ApiKeyStore? _store;

    public CallerAuthenticationHandlerTests() => _bound = TestKeys.Add(_harness.FilePath, "shop", [], networks: ["10.0.0.0/24"]);

    public async ValueTask InitializeAsync() => _store = await _harness.OpenAsync();

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _harness.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("10.0.0.7", "203.0.113.9", false)]
    [InlineData("10.0.0.7", "10.0.0.9", true)]
    [InlineData("10.0.0.8", "203.0.113.9", true)]
    [InlineData("203.0.113.9", "10.0.0.9", false)]
    public async Task Authenticate_KeyBoundToANetwork_WorksFromThereAndNotFromTheNetworkOfAProxy(string sender, string forwardedFor, bool isAccepted)
    {
        var http = Some.Request(sender);
        http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        http.Request.Headers["x-api-key"] = _bound;

        var result = await CreateSut(http).AuthenticateAsync();

        Assert.Equal(isAccepted, result.Succeeded);
        Assert.Equal(sender, http.Connection.RemoteIpAddress?.ToString());
        Assert.Equal(forwardedFor, http.Request.Headers["X-Forwarded-For"]);
    }

    [Fact]
    public async Task Authenticate_GuardedEndpointAskedBeforeItsGuardsAndAfter_KnowsTheCallerThen()
    {
        var http = Some.Request(demands: new InferenceEndpointMetadata(InferenceOperation.Discover, Model: null, ModelParameter: null));
        var handler = CreateSut(http);

        var before = await handler.AuthenticateAsync();
        InferenceContext.Get(http).Identify(Some.Caller());
        var after = await handler.AuthenticateAsync();

        Assert.True(before.None);
        Assert.True(after.Succeeded);
    }

    private CallerAuthenticationHandler CreateSut(HttpContext http)
    {
        var options = Options.Create(new ApiKeyOptions());
        var handler = new CallerAuthenticationHandler(
            new CredentialReader(new ApiKeyReader(_store!, options, _harness.Time), options),
            new NoLimits(),
            new ProxyForwarding(new KnownProxies(["10.0.0.7"]), NullLoggerFactory.Instance),
            Some.LoggingPart<AuthenticationTelemetry>(_harness.Log));
        handler.InitializeAsync(new AuthenticationScheme("SecureInference", null, typeof(CallerAuthenticationHandler)), http);
        return handler;
    }

    private sealed class NoLimits : ICallerLimits
    {
        public ValueTask DescribeAsync(HttpContext http, Caller caller) => default;

        public InferenceError? ChargeFailure(HttpContext http) => null;

        public ValueTask ChargeRefusalAsync(HttpContext http, Caller caller) => default;
    }
}
