using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecureInference.Tests.Abstractions;

public sealed class ErrorResponseTests
{
    public static TheoryData<InferenceErrorCode> Codes => [.. Enum.GetValues<InferenceErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task WriteAsync_EveryReason_IsProblemDetailsAndTheProtocolsErrorInOne(InferenceErrorCode code)
    {
        var http = Some.Request();

        await ErrorResponse.WriteAsync(http, new InferenceError(code, "What is wrong: \"it\"."));

        var body = Some.BodyOf(http);
        Assert.Equal(["type", "title", "status", "detail", "traceId", "error"], body.EnumerateObject().Select(property => property.Name));
        Assert.Equal(http.Response.StatusCode, body.GetProperty("status").GetInt32());
        Assert.Equal("What is wrong: \"it\".", body.GetProperty("detail").GetString());
        Assert.Equal("What is wrong: \"it\".", body.GetProperty("error").GetString());
        Assert.Matches("^[0-9a-f]{32}$", body.GetProperty("traceId").GetString());
        Assert.Equal("application/problem+json", http.Response.ContentType);
        Assert.Equal(http.Response.ContentLength, http.Response.Body.Length);
        Assert.Equal("no-store", http.Response.Headers.CacheControl);
        Assert.Equal("nosniff", http.Response.Headers.XContentTypeOptions);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task WriteAsync_EveryReason_ChallengesOn401Alone(InferenceErrorCode code)
    {
        var http = Some.Request();

        await ErrorResponse.WriteAsync(http, new InferenceError(code, "no"));

        Assert.Equal(http.Response.StatusCode == 401, http.Response.Headers.WWWAuthenticate.Count > 0);
    }

    [Fact]
    public async Task WriteAsync_NoCredential_ChallengesWithoutAnErrorAttribute()
    {
        var http = await AnswerAsync(InferenceErrors.CredentialMissing);

        Assert.Equal("Bearer,ApiKey", http.Response.Headers.WWWAuthenticate.ToString());
    }

    [Fact]
    public async Task WriteAsync_RejectedKeyAs401_Challenges()
    {
        var http = await AnswerAsync(InferenceErrors.CredentialRejected(401, "key_expired"));

        Assert.Equal(401, http.Response.StatusCode);
        Assert.Equal("Bearer,ApiKey", http.Response.Headers.WWWAuthenticate.ToString());
    }

    [Fact]
    public async Task WriteAsync_InvalidToken_SaysSoInTheChallenge()
    {
        var http = await AnswerAsync(InferenceErrors.TokenInvalid);

        Assert.Equal("Bearer error=\"invalid_token\"", http.Response.Headers.WWWAuthenticate);
    }

    [Fact]
    public async Task WriteAsync_CredentialsLimited_SpeaksOfTheCredentialsAndOfNoCaller()
    {
        var http = await AnswerAsync(InferenceErrors.CredentialsLimited(TimeSpan.FromSeconds(3), ["failed_authentication"]));

        Assert.Equal((429, "3"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString()));
        Assert.Equal("Too many credentials that failed. Wait as Retry-After says.", Some.BodyOf(http).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task WriteAsync_MissingScope_NamesItInTheChallenge()
    {
        var http = await AnswerAsync(InferenceErrors.ScopeInsufficient("model:digits:infer"));

        Assert.Equal(403, http.Response.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"model:digits:infer\"", http.Response.Headers.WWWAuthenticate);
    }

    [Fact]
    public async Task WriteAsync_RejectedKeys_AnswerAlikeWhateverTheReason()
    {
        var answers = new List<string>();

        foreach (var reason in new[] { "key_unknown", "key_malformed", "key_expired", "key_revoked" })
        {
            var http = await AnswerAsync(InferenceErrors.CredentialRejected(403, reason));
            var fields = Some.BodyOf(http).EnumerateObject().Where(field => field.Name != "traceId").Select(field => field.ToString());
            answers.Add(string.Join(';', fields) + string.Join(';', http.Response.Headers.OrderBy(header => header.Key)));
        }

        Assert.Single(answers.Distinct());
        Assert.DoesNotContain("key_", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_TextCutWithinACharacter_IsStillJson()
    {
        var http = await AnswerAsync(InferenceErrors.ModelNotFound(new string('a', 79) + "𝄞" + "\"\n\0"));

        var detail = Some.BodyOf(http).GetProperty("detail").GetString();
        Assert.Contains("aaa", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_LongNameFromTheRequest_IsShortened()
    {
        var http = await AnswerAsync(InferenceErrors.UnexpectedInput(new string('x', 1_000_000), "digits"));

        Assert.InRange(http.Response.Body.Length, 1, 1024);
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(1001, "2")]
    [InlineData(5000, "5")]
    public async Task WriteAsync_Wait_IsRoundedUpToSeconds(int milliseconds, string expected)
    {
        var http = await AnswerAsync(InferenceErrors.RateLimited(TimeSpan.FromMilliseconds(milliseconds), ["default"]));

        Assert.Equal(expected, http.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task WriteAsync_LimitsUsedUp_AreNamed()
    {
        var http = await AnswerAsync(InferenceErrors.RateLimited(TimeSpan.FromSeconds(1), ["gold", "gold-daily"]));

        var body = Some.BodyOf(http);
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", body.GetProperty("type").GetString());
        Assert.Equal(["gold", "gold-daily"], body.GetProperty("violated-policies").EnumerateArray().Select(static policy => policy.GetString()));
    }

    [Theory]
    [InlineData("HTTP/1.1", "close")]
    [InlineData("HTTP/2", "")]
    public async Task WriteAsync_AmbiguousFraming_ClosesAConnectionThatCanBeClosed(string protocol, string expected)
    {
        var http = Some.Request();
        http.Request.Protocol = protocol;

        await ErrorResponse.WriteAsync(http, InferenceErrors.FramingAmbiguous);

        Assert.Equal(expected, http.Response.Headers.Connection.ToString());
    }

    [Fact]
    public async Task WriteAsync_AnswerHasBegun_CutsTheConnectionAndWritesNothing()
    {
        var http = Some.Request();
        var lifetime = new Lifetime();
        http.Features.Set<IHttpResponseFeature>(new Begun());
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);

        await ErrorResponse.WriteAsync(http, InferenceErrors.ModelFailed);

        Assert.True(lifetime.IsAborted);
        Assert.Equal(InferenceErrorCode.ModelFailed, InferenceContext.Get(http).Refusal?.Code);
    }

    [Fact]
    public async Task WriteAsync_ForeignTrace_UsesTheSameIdInBodyAndContext()
    {
        var http = await AnswerAsync(InferenceErrors.Internal);

        Assert.Equal(InferenceContext.Get(http).TraceId, Some.BodyOf(http).GetProperty("traceId").GetString());
    }

    [Theory]
    [InlineData(nameof(InferenceErrors.ModelFailed), 1)]
    [InlineData(nameof(InferenceErrors.DeadlineExceeded), 1)]
    [InlineData(nameof(InferenceErrors.Draining), 1)]
    [InlineData(nameof(InferenceErrors.OwnDeadlineExceeded), 0)]
    [InlineData(nameof(InferenceErrors.BodyTooLarge), 0)]
    public async Task WriteAsync_ServerHasFailed_GivesBackWhatTheRequestCostAndElseNothing(string name, int expected)
    {
        var http = Some.Request();
        var charge = new Charge();
        InferenceContext.Get(http).Charge = charge;

        await ErrorResponse.WriteAsync(http, (InferenceError)typeof(InferenceErrors).GetProperty(name)!.GetValue(null)!);

        Assert.Equal(expected, charge.GivenBack);
    }

    private static async Task<DefaultHttpContext> AnswerAsync(InferenceError error)
    {
        var http = Some.Request();
        await ErrorResponse.WriteAsync(http, error);
        Assert.Equal(JsonValueKind.Object, Some.BodyOf(http).ValueKind);
        return http;
    }

    private sealed class Charge : IRequestCharge
    {
        public int GivenBack { get; private set; }

        public ValueTask<InferenceError?> SettleAsync(HttpContext http, int rows, long bytes) => default;

        public long Tokens => 0;

        public void GiveBack(HttpContext http) => GivenBack++;

        public void End()
        {
        }
    }

    private sealed class Begun : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }
}
