using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;
using static SecureInference.IntegrationTests.Answers.AnswerCheck;

namespace SecureInference.IntegrationTests.Answers;

/// <summary>Every row of the table of answers, over real sockets, for each kind of credential.</summary>
public sealed class AnswerTableTests
{
    /// <summary>A request that waits for a tenth of a second at most.</summary>
    private static readonly string Hasty = """{"parameters":{"timeout":100000},""" + EchoApp.Body[1..];

    public static TheoryData<CredentialKind> Kinds => [.. Enum.GetValues<CredentialKind>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoCredential_Is401WithEveryChallengeAndNoError()
    {
        await using var fixture = await AnswerFixture.StartAsync();
        using var stranger = fixture.Connect();

        using var answer = await InferAsync(stranger);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(["Bearer", "ApiKey"], answer.Headers.WwwAuthenticate.Select(static challenge => challenge.ToString()));
        Assert.False(answer.Headers.Contains("RateLimit"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task CredentialThatIsNotAccepted_GetsOneAnswerForAllReasons(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync();
        var isToken = kind is CredentialKind.KeyBearer or CredentialKind.Token;
        var answers = new Dictionary<string, string>();
        var rejected = fixture.Rejected(kind);

        // A key that was added after them and is known shows that they are known, too: none is refused for being unknown still.
        using var known = await fixture.KnownAsync(CredentialKind.KeyHeader);
        foreach (var (reason, client) in rejected)
        {
            using (client)
            {
                using var answer = await InferAsync(client);
                Assert.Equal(isToken ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answer.StatusCode);
                Assert.Equal(isToken ? ["Bearer error=\"invalid_token\""] : [], answer.Headers.WwwAuthenticate.Select(static challenge => challenge.ToString()));
                answers[reason] = await AnonymousAsync(answer);
            }
        }

        Assert.True(answers.Count >= 4);
        Assert.Single(answers.Values.Distinct());
        Assert.Equal(0, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task CredentialsOfTwoCallers_Are400(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync();
        using var client = await fixture.KnownAsync(kind);
        client.DefaultRequestHeaders.TryAddWithoutValidation(kind == CredentialKind.KeyHeader ? "Authorization" : "x-api-key", kind == CredentialKind.KeyHeader ? "Bearer " + fixture.App.Key : fixture.App.Key);

        using var answer = await InferAsync(client);

        await AssertAsync(answer, HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(0, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_WithoutTheRight_Is403WithTheScope(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync();
        using var reader = await fixture.KnownAsync(kind, "read");

        using var infer = await InferAsync(reader);
        using var read = await reader.GetAsync("/v2/models/fake", Cancelled);

        await AssertAsync(infer, HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"model:fake:infer\"", infer.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.True(infer.Headers.Contains("RateLimit"));
        Assert.Equal(0, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_ModelUnknownOrNotVisible_Is404WithOneBody(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync();
        using var other = await fixture.KnownAsync(kind, "other");

        using var hidden = await other.GetAsync("/v2/models/fake", Cancelled);
        using var unknown = await other.GetAsync("/v2/models/fakf", Cancelled);

        await AssertAsync(hidden, HttpStatusCode.NotFound, "model_not_found");
        Assert.Equal(await AnonymousAsync(unknown), (await AnonymousAsync(hidden)).Replace("'fake'", "'fakf'", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_GoodAndBadBodies_AreAnsweredByTheTable(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync();
        using var client = await fixture.KnownAsync(kind);

        using var good = await InferAsync(client);
        using var large = await InferAsync(client, new string(' ', 40 << 20));
        using var encoded = await InferAsync(client, EchoApp.Body, encoding: "br");
        using var malformed = await InferAsync(client, "{");
        using var mismatch = await InferAsync(client, EchoApp.Body.Replace("[1,4]", "[1,5]", StringComparison.Ordinal));
        using var nowhere = await client.GetAsync("/v2/nowhere", Cancelled);
        using var verb = await client.DeleteAsync(EchoApp.InferPath, Cancelled);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        await AssertAsync(large, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        await AssertAsync(encoded, HttpStatusCode.UnsupportedMediaType, "encoding_not_supported");
        await AssertAsync(malformed, HttpStatusCode.BadRequest, "payload_malformed");
        await AssertAsync(mismatch, HttpStatusCode.BadRequest, "tensor_invalid");
        await AssertAsync(nowhere, HttpStatusCode.NotFound, "path_not_found");
        await AssertAsync(verb, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(["POST"], verb.Content.Headers.Allow);
        Assert.All((HttpResponseMessage[])[good, large, encoded, malformed, mismatch, nowhere, verb], static answer => Assert.True(answer.Headers.Contains("RateLimit")));
        Assert.Equal(1, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_OverItsLimit_Is429(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync(more: new Dictionary<string, string?>
        {
            ["RateLimits:Default:TokenLimit"] = "100",
            ["RateLimits:Default:TokensPerPeriod"] = "1",
            ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
        });
        using var client = await fixture.KnownAsync(kind);
        using var last = await UntilRefusedAsync(client);

        await AssertAsync(last, HttpStatusCode.TooManyRequests, type: "https://iana.org/assignments/http-problem-types#quota-exceeded");
        Assert.NotNull(last.Headers.RetryAfter?.Delta);
        Assert.True(last.Headers.Contains("RateLimit") && last.Headers.Contains("RateLimit-Policy"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_ModelIsFullAndSlow_Is503And504(CredentialKind kind)
    {
        var gate = new TaskCompletionSource();
        await using var fixture = await AnswerFixture.StartAsync(FakeModel.Gated(gate.Task), configure: static options =>
        {
            options.Lanes = 1;
            options.MaxQueueLength = 1;
        });
        using var client = await fixture.KnownAsync(kind);
        var running = InferAsync(client);
        await EchoApp.UntilAsync(() => Task.FromResult(fixture.Model.Runs == 1), Cancelled);

        // The lane is taken: one waits for its time in vain, one waits on, and then the queue is full.
        using var late = await InferAsync(client, Hasty);
        var (waiting, refused) = await FillAsync(client);
        using var full = refused;
        gate.SetResult();
        using var done = await running;
        using var queued = await waiting;

        await AssertAsync(full, HttpStatusCode.ServiceUnavailable, "queue_full");
        Assert.NotNull(full.Headers.RetryAfter);
        await AssertAsync(late, HttpStatusCode.GatewayTimeout, "deadline_exceeded");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(HttpStatusCode.OK, queued.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_ServerIsDraining_Is503(CredentialKind kind)
    {
        await using var fixture = await AnswerFixture.StartAsync();
        using var client = await fixture.KnownAsync(kind);
        using var before = await InferAsync(client);

        _ = fixture.App.Services.GetRequiredService<DrainState>().DrainAsync();
        using var draining = await InferAsync(client);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await AssertAsync(draining, HttpStatusCode.ServiceUnavailable, "draining");
        Assert.NotNull(draining.Headers.RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task KnownCaller_ByAnUnsafeRoad_Is403(CredentialKind kind)
    {
        // The proxy says which road the client came by: plain HTTP, or another network than those that are let in.
        await using var fixture = await AnswerFixture.StartAsync(more: new Dictionary<string, string?>
        {
            ["Arrival:KnownProxies:0"] = "127.0.0.1",
            ["Arrival:KnownProxies:1"] = "::1",
            ["Arrival:AllowedNetworks:0"] = "127.0.0.0/8",
            ["Arrival:AllowedNetworks:1"] = "::1/128",
            ["Arrival:AllowedNetworks:2"] = "198.51.100.0/24",
            ["ClientCertificates:ForwardedHeader"] = "X-Forwarded-Client-Cert",
        });

        // The connection is the proxy's: what the client showed to the proxy comes in a header.
        using var client = kind == CredentialKind.Certificate ? fixture.Connect() : await fixture.KnownAsync(kind);
        if (kind == CredentialKind.Certificate)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-Client-Cert", fixture.ForwardedCertificate());
        }

        using var good = await InferAsync(client, headers: [("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https")]);
        using var plain = await InferAsync(client, headers: [("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "http")]);
        using var elsewhere = await InferAsync(client, headers: [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")]);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        await AssertAsync(plain, HttpStatusCode.Forbidden, "https_required");
        await AssertAsync(elsewhere, HttpStatusCode.Forbidden, "network_not_allowed");
        Assert.Equal(1, fixture.Model.Runs);
    }

    // The one that waits on may come in after the one that finds the queue full, and be refused in its place: then another takes its part.
    private static async Task<(Task<HttpResponseMessage> Waiting, HttpResponseMessage Full)> FillAsync(HttpClient client)
    {
        var waiting = InferAsync(client);
        var full = await InferAsync(client, Hasty);
        await EchoApp.UntilAsync(
            async () =>
            {
                if (waiting.IsCompleted)
                {
                    (await waiting).Dispose();
                    waiting = InferAsync(client);
                }

                full.Dispose();
                full = await InferAsync(client, Hasty);
                return full.StatusCode == HttpStatusCode.ServiceUnavailable && !waiting.IsCompleted;
            },
            Cancelled);
        return (waiting, full);
    }
}
