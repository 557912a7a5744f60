using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.Authorization;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authorization;

public sealed class AuthorizationMiddlewareTests
{
    private readonly Limits _limits = new();
    private int _passed;

    [Theory]
    [InlineData("model:digits:infer", InferenceOperation.Infer, "digits", 200)]
    [InlineData("model:*:infer", InferenceOperation.Infer, "digits", 200)]
    [InlineData("model:digits:read", InferenceOperation.Infer, "digits", 403)]
    [InlineData("model:*:read", InferenceOperation.Infer, "digits", 403)]
    [InlineData("model:digits:infer", InferenceOperation.Read, "digits", 200)]
    [InlineData("model:other:infer", InferenceOperation.Infer, "digits", 404)]
    [InlineData("admin", InferenceOperation.Infer, "digits", 404)]
    [InlineData("admin", InferenceOperation.Read, "digits", 404)]
    [InlineData("model:*:infer", InferenceOperation.Infer, "unknown", 404)]
    [InlineData("model:unknown:infer", InferenceOperation.Infer, "unknown", 404)]
    [InlineData("model:*:infer", InferenceOperation.Infer, "Digits", 404)]
    [InlineData("model:*:infer", InferenceOperation.Infer, null, 404)]
    public async Task Invoke_ModelOfThePath_DecidesOnScopeAndExistence(string scope, InferenceOperation operation, string? model, int expected)
    {
        var http = Request(new InferenceEndpointMetadata(operation, Model: null, "model"), scope);
        http.Request.RouteValues["model"] = model;

        await CreateSut().InvokeAsync(http);

        Assert.Equal(expected, http.Response.StatusCode);
        Assert.Equal(expected == 200 ? 1 : 0, _passed);
        Assert.Equal(expected == 200 ? 0 : 1, _limits.Charged);
        Assert.Equal(expected == 404 ? null : "digits", InferenceContext.Get(http).Model);
    }

    [Theory]
    [InlineData("model:own:infer", InferenceOperation.Infer, 200, null)]
    [InlineData("model:own:read", InferenceOperation.Infer, 403, "model:own:infer")]
    [InlineData("admin", InferenceOperation.Read, 403, "model:own:read")]
    [InlineData("model:*:infer", InferenceOperation.Admin, 403, "admin")]
    [InlineData("admin", InferenceOperation.Admin, 200, null)]
    public async Task Invoke_ModelOfTheEndpoint_NamesTheMissingScope(string scope, InferenceOperation operation, int expected, string? missing)
    {
        var http = Request(new InferenceEndpointMetadata(operation, "own", ModelParameter: null), scope);

        await CreateSut().InvokeAsync(http);

        Assert.Equal(expected, http.Response.StatusCode);
        Assert.Equal(
            missing is null ? "" : $"Bearer error=\"insufficient_scope\", scope=\"{missing}\"", http.Response.Headers.WWWAuthenticate.ToString());
    }

    [Fact]
    public async Task Invoke_HiddenAndUnknownModel_AnswerAlike()
    {
        var answers = new List<string>();
        foreach (var scope in new[] { "model:other:infer", "model:*:infer" })
        {
            var http = Request(new InferenceEndpointMetadata(InferenceOperation.Infer, Model: null, "model"), scope);
            http.Request.RouteValues["model"] = scope == "model:*:infer" ? "hidden" : "digits";

            await CreateSut().InvokeAsync(http);

            var body = Some.BodyOf(http);
            answers.Add($"{http.Response.StatusCode} {body.GetProperty("type")} {body.GetProperty("title")} {http.Response.Headers.WWWAuthenticate}"
                + body.GetProperty("detail").GetString()!.Replace("hidden", "digits", StringComparison.Ordinal));
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task Invoke_NobodyIsKnown_Is401()
    {
        var http = Some.Request(demands: new InferenceEndpointMetadata(InferenceOperation.Discover, Model: null, ModelParameter: null));

        await CreateSut().InvokeAsync(http);

        Assert.Equal(401, http.Response.StatusCode);
        Assert.Equal(0, _passed);
        Assert.Equal(0, _limits.Charged);
    }

    [Fact]
    public async Task Invoke_HealthAndEndpointsThatDemandNothing_Pass()
    {
        await CreateSut().InvokeAsync(Some.Request(demands: new InferenceEndpointMetadata(InferenceOperation.Health, Model: null, ModelParameter: null)));
        await CreateSut().InvokeAsync(Some.Request());

        Assert.Equal(2, _passed);
    }

    private static DefaultHttpContext Request(InferenceEndpointMetadata demands, string scope)
    {
        var http = Some.Request(demands: demands);
        InferenceContext.Get(http).Identify(Some.Caller(scopes: scope));
        return http;
    }

    private AuthorizationMiddleware CreateSut() => new(
        _ =>
        {
            _passed++;
            return Task.CompletedTask;
        },
        new Catalog(),
        _limits,
        Some.Part<AuthorizationTelemetry>());

    private sealed class Limits : ICallerLimits
    {
        public int Charged { get; private set; }

        public ValueTask ChargeRefusalAsync(HttpContext http, Caller caller)
        {
            Charged++;
            return default;
        }

        public InferenceError? ChargeFailure(HttpContext http) => null;

        public ValueTask DescribeAsync(HttpContext http, Caller caller) => default;
    }

    private sealed class Catalog : IModelCatalog
    {
        private readonly FakeModel _digits = FakeModel.Echo();

        public IReadOnlyList<IModelRunner> Models => [_digits];

        public bool TryGet(string name, string? version, [NotNullWhen(true)] out IModelRunner? runner)
        {
            runner = name == "digits" ? _digits : null;
            return runner is not null;
        }

        public Task<ModelReload> ReloadAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ModelReload(ModelReloadOutcome.Unknown, [], Problem: null));
    }
}
