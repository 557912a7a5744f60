using System.Net.Http.Headers;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.IntegrationTests.Samples;

public sealed class CredentialRefusalTests : IClassFixture<CredentialRefusalTests.Fixture>
{
    private const string Server = "/v2";
    private readonly Fixture _fixture;

    public CredentialRefusalTests(Fixture fixture) => _fixture = fixture;

    [Theory]
    [InlineData(null)]
    [InlineData("Basic dGVzdGVyOnNlY3JldA==")]
    [InlineData("Digest username=\"tester\"")]
    public async Task Send_NoCredentialThatAnybodyUnderstands_Is401WithBothChallengesAndNoError(string? authorization)
    {
        var refusal = await SendAsync(key: null, authorization);

        Assert.Equal((401, "credential_missing"), (refusal.Status, refusal.Rule));
        Assert.Equal("Bearer, ApiKey", refusal.Header("WWW-Authenticate"));
        Assert.False(refusal.HasRateLimit);
    }

    [Fact]
    public async Task Send_KeyThatIsNotAccepted_Is403AndNothingTellsWhy()
    {
        var keys = new[] { _fixture.Unknown, _fixture.Expired, _fixture.Revoked, _fixture.ForTests, _fixture.BadChecksum, _fixture.OtherSecret, "x", "" };
        var refusals = new List<Refusal>();

        foreach (var key in keys)
        {
            refusals.Add(await SendAsync(key, authorization: null));
        }

        Assert.All(refusals, refusal => Assert.Equal((403, "credential_rejected"), (refusal.Status, refusal.Rule)));
        Assert.Single(refusals.Select(static refusal => refusal.BodyButForTraceId).Distinct());
        Assert.All(refusals, refusal => Assert.Equal(refusals[0].HeadersButForDate, refusal.HeadersButForDate));
        Assert.Equal(refusals.Count, refusals.Select(static refusal => refusal.Body).Distinct().Count());
        Assert.All(refusals, refusal => Assert.False(refusal.HasRateLimit));
    }

    [Fact]
    public async Task Send_BearerThatIsNotAccepted_Is401InvalidToken()
    {
        foreach (var token in new[] { "eyJhbGciOiJub25lIn0.e30.", _fixture.Unknown, _fixture.Expired, _fixture.Revoked, _fixture.ForTests, "si_" })
        {
            var refusal = await SendAsync(key: null, "Bearer " + token);

            Assert.Equal((401, "invalid_token"), (refusal.Status, refusal.Rule));
            Assert.Equal("Bearer error=\"invalid_token\"", refusal.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task Send_TwoCredentialsOfDifferentCallers_Is400()
    {
        var refusal = await SendAsync(_fixture.Sample.Key, "Bearer " + _fixture.Other);

        Assert.Equal((400, "invalid_request"), (refusal.Status, refusal.Rule));
    }

    [Fact]
    public async Task Send_OneGoodAndOneBadCredential_IsRefused()
    {
        var badBearer = await SendAsync(_fixture.Sample.Key, "Bearer " + _fixture.Unknown);
        var badKey = await SendAsync(_fixture.Unknown, "Bearer " + _fixture.Sample.Key);

        Assert.Equal(401, badBearer.Status);
        Assert.Equal(403, badKey.Status);
    }

    [Fact]
    public async Task Send_TheSameKeyInBothHeaders_IsAccepted()
    {
        using var request = CreateRequest(_fixture.Sample.Key, "Bearer " + _fixture.Sample.Key);

        using var response = await _fixture.Sample.Stranger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Send_KeyInTheQuery_IsNoCredential()
    {
        var refusal = await Refusal.SendAsync(
            _fixture.Sample.Stranger, new HttpRequestMessage(HttpMethod.Get, $"/v2?x-api-key={_fixture.Sample.Key}&access_token={_fixture.Sample.Key}"));

        Assert.Equal("credential_missing", refusal.Rule);
    }

    [Fact]
    public async Task Send_ManyWrongKeys_AValidOneStillPasses()
    {
        for (var guess = 0; guess < 200; guess++)
        {
            Assert.Equal(403, (await SendAsync(_fixture.Unknown, authorization: null)).Status);
        }

        using var response = await _fixture.Sample.Client.GetAsync(Server, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
    }

    private static HttpRequestMessage CreateRequest(string? key, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Server);
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        return request;
    }

    private Task<Refusal> SendAsync(string? key, string? authorization) =>
        Refusal.SendAsync(_fixture.Sample.Stranger, CreateRequest(key, authorization));

    public sealed class Fixture : IAsyncLifetime
    {
        public Fixture()
        {
            var past = TimeProvider.System.GetUtcNow().AddDays(-1);
            Other = Sample.AddKey("other", "model:*:infer");
            Expired = Sample.AddKey("late", "model:*:infer", expires: past);
            Revoked = Sample.AddKey("gone", "model:*:infer", revoked: past);
            ForTests = Sample.AddKey("tests", "model:*:infer", isTest: true);
            Unknown = ApiKey.Create(ApiKey.Live, ApiKey.CreateId());
            BadChecksum = Sample.Key[..^1] + (Sample.Key[^1] == 'A' ? 'B' : 'A');
            OtherSecret = Forge(Sample.Key);
        }

        internal DigitsSample Sample { get; } = new();

        internal string Other { get; }

        internal string Expired { get; }

        internal string Revoked { get; }

        internal string ForTests { get; }

        internal string Unknown { get; }

        internal string BadChecksum { get; }

        internal string OtherSecret { get; }

        public ValueTask InitializeAsync() => Sample.InitializeAsync();

        public ValueTask DisposeAsync() => Sample.DisposeAsync();

        /// <summary>A well-formed key with the id of another and a secret of its own: only its verifier tells.</summary>
        private static string Forge(string key)
        {
            const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            const int SecretStart = 21;
            const int ChecksumLength = 6;
            var head = key[..SecretStart] + new string('0', key.Length - SecretStart - ChecksumLength);
            var checksum = new char[ChecksumLength];
            var value = Crc32.Compute(head);
            for (var index = ChecksumLength - 1; index >= 0; index--)
            {
                checksum[index] = Digits[(int)(value % (uint)Digits.Length)];
                value /= (uint)Digits.Length;
            }

            return head + new string(checksum);
        }
    }
}
