using System.Globalization;
using System.Net;

namespace SecureInference.IntegrationTests.Samples;

public sealed class RateLimitTests : IClassFixture<RateLimitTests.Fixture>
{
    private const int TokenLimit = 3;
    private const string Infer = "/v2/models/digits/infer";
    private readonly DigitsSample _sample;
    private readonly Fixture _fixture;

    public RateLimitTests(Fixture fixture)
    {
        _fixture = fixture;
        _sample = fixture.Sample;
    }

    [Fact]
    public async Task Send_OverTheLimit_Is429AndTheNextPassesAfterTheWaitItIsTold()
    {
        using var client = _sample.CreateClient(_fixture.Patient);
        var refusal = await ExhaustAsync(client);

        Assert.Equal((429, "quota-exceeded"), (refusal.Status, refusal.Rule));
        Assert.StartsWith("\"slow\";r=0;t=", refusal.Header("RateLimit"), StringComparison.Ordinal);
        Assert.StartsWith("\"slow\";q=3;w=", refusal.Header("RateLimit-Policy"), StringComparison.Ordinal);
        var wait = int.Parse(refusal.Header("Retry-After"), CultureInfo.InvariantCulture);
        Assert.InRange(wait, 1, 5);
        await Task.Delay(TimeSpan.FromSeconds(wait), TimeProvider.System, TestContext.Current.CancellationToken);
        using var response = await client.PostAsync(Infer, InferBody.Json("after", HeldOutDigits.Tensor([0])), TestContext.Current.CancellationToken);

        Assert.Equal("after", (await InferAnswer.ReadAsync(response)).Id);
    }

    [Fact]
    public async Task Send_OneCallerOverTheLimit_OthersPass()
    {
        using var greedy = _sample.CreateClient(_fixture.Greedy);
        await ExhaustAsync(greedy);

        using var response = await _sample.Client.GetAsync("/v2", TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Send_SecondKeyOfAnOwner_HasNoBucketOfItsOwn()
    {
        using var first = _sample.CreateClient(_fixture.FirstOfTwo);
        using var second = _sample.CreateClient(_fixture.SecondOfTwo);
        await ExhaustAsync(first);

        var refusal = await ExhaustAsync(second, most: 1);

        Assert.Equal(429, refusal.Status);
    }

    [Fact]
    public async Task Send_ManyAtOnceWithBothKeysOfAnOwner_PassAsManyAsTheBucketHolds()
    {
        using var first = _sample.CreateClient(_fixture.FirstOfCrowd);
        using var second = _sample.CreateClient(_fixture.SecondOfCrowd);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(index => (index % 2 == 0 ? first : second).GetAsync(
            "/v2", TestContext.Current.CancellationToken)));

        Assert.Equal(TokenLimit, answers.Count(static answer => answer.IsSuccessStatusCode));
        Assert.Equal(60 - TokenLimit, answers.Count(static answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Send_OverTheLimit_IsToldSoBeforeItsBodyIsLookedAt()
    {
        using var client = _sample.CreateClient(_fixture.Hasty);
        await ExhaustAsync(client);

        var refusal = await Refusal.PostAsync(client, Infer, InferBody.Text(new string('x', 1 << 20)));

        Assert.Equal(429, refusal.Status);
    }

    [Fact]
    public async Task Send_RefusedProbes_CostTokensToo()
    {
        using var client = _sample.CreateClient(_fixture.Prober);
        var levels = new List<string>();

        for (var probe = 0; probe < TokenLimit; probe++)
        {
            var refusal = await Refusal.SendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/v2/models/nosuch"));
            levels.Add(refusal.Header("RateLimit").Split(';')[1]);
        }

        Assert.Equal(["r=2", "r=1", "r=0"], levels);
    }

    private static async Task<Refusal> ExhaustAsync(HttpClient client, int most = 100)
    {
        for (var sent = 0; sent < most; sent++)
        {
            using var response = await client.GetAsync("/v2", TestContext.Current.CancellationToken);
            Assert.True(response.Headers.Contains("RateLimit"));
            if (!response.IsSuccessStatusCode)
            {
                return await Refusal.ReadAsync(response);
            }
        }

        throw new InvalidOperationException($"{most} requests were answered.");
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public Fixture()
        {
            Sample.Settings["RateLimits:Tiers:slow:TokenLimit"] = TokenLimit.ToString(CultureInfo.InvariantCulture);
            Sample.Settings["RateLimits:Tiers:slow:TokensPerPeriod"] = "1";
            Sample.Settings["RateLimits:Tiers:slow:ReplenishmentPeriod"] = "00:00:05";

            // Five minutes a token: however slow the machine is, none comes back while these are tested.
            Sample.Settings["RateLimits:Tiers:slower:TokenLimit"] = TokenLimit.ToString(CultureInfo.InvariantCulture);
            Sample.Settings["RateLimits:Tiers:slower:TokensPerPeriod"] = "1";
            Sample.Settings["RateLimits:Tiers:slower:ReplenishmentPeriod"] = "00:05:00";
            Patient = Sample.AddKey("patient", "model:*:infer", tier: "slow");
            Greedy = Sample.AddKey("greedy", "model:*:infer", tier: "slower");
            Hasty = Sample.AddKey("hasty", "model:*:infer", tier: "slower");
            Prober = Sample.AddKey("prober", "model:*:infer", tier: "slower");
            FirstOfTwo = Sample.AddKey("both", "model:*:infer", tier: "slower");
            FirstOfCrowd = Sample.AddKey("crowd", "model:*:infer", tier: "slower");
            SecondOfCrowd = Sample.AddKey("crowd", "model:*:infer", tier: "slower");
            SecondOfTwo = Sample.AddKey("both", "model:*:infer", tier: "slower");
        }

        internal DigitsSample Sample { get; } = new();

        internal string Patient { get; }

        internal string Greedy { get; }

        internal string Hasty { get; }

        internal string Prober { get; }

        internal string FirstOfTwo { get; }

        internal string SecondOfTwo { get; }

        internal string FirstOfCrowd { get; }

        internal string SecondOfCrowd { get; }

        public ValueTask InitializeAsync() => Sample.InitializeAsync();

        public ValueTask DisposeAsync() => Sample.DisposeAsync();
    }
}
