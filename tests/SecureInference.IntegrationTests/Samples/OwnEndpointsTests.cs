using System.Net;
using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

public sealed class OwnEndpointsTests : IAsyncLifetime
{
    private const string ReadDigit = "/read-digit";
    private readonly TestFolder _folder = new();
    private readonly HttpClient _stranger = new();
    private readonly HttpClient _client = new();
    private SampleProcess? _sample;

    private SampleProcess Sample => _sample!;

    [Fact]
    public async Task PrintedCommand_RunAsItStands_ReadsAThree()
    {
        var answer = await (await PrintedCommand.FindAsync(Sample)).RunAsync();

        using var json = JsonDocument.Parse(answer);
        Assert.Equal(3, json.RootElement.GetProperty("digit").GetInt32());
        Assert.InRange(json.RootElement.GetProperty("probability").GetSingle(), 0.5f, 1f);
    }

    [Fact]
    public async Task ReadDigit_Stranger_Is401()
    {
        var refusal = await Refusal.PostAsync(_stranger, ReadDigit, Drawing(HeldOutDigits.All[0].Pixels));

        Assert.Equal((401, "credential_missing"), (refusal.Status, refusal.Rule));
    }

    [Theory]
    [InlineData("model:digits:read", 403)]
    [InlineData("model:other:infer", 403)]
    [InlineData("admin", 403)]
    [InlineData("model:digits:infer", 200)]
    public async Task ReadDigit_KeyOfAStore_NeedsTheRightThatTheEndpointDemands(string scope, int status)
    {
        var store = _folder.File("keys.json");
        var key = TestKeys.Add(store, "somebody", [scope]);
        using var sample = await SampleProcess.StartAsync(
            "OwnEndpoints", "Production", settings: null, "--contentRoot", Directory.CreateDirectory(_folder.File("other")).FullName, "--KeyStore", store);
        using var client = new HttpClient { BaseAddress = sample.Address };
        client.DefaultRequestHeaders.Add("x-api-key", key);

        using var response = await client.PostAsync(ReadDigit, Drawing(HeldOutDigits.All[0].Pixels), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(
            status == 200 ? "" : "Bearer error=\"insufficient_scope\", scope=\"model:digits:infer\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task ReadDigit_WrongKey_Is403()
    {
        using var client = new HttpClient { BaseAddress = Sample.Address };
        client.DefaultRequestHeaders.Add("x-api-key", "wrong");

        var refusal = await Refusal.PostAsync(client, ReadDigit, Drawing(HeldOutDigits.All[0].Pixels));

        Assert.Equal((403, "credential_rejected"), (refusal.Status, refusal.Rule));
    }

    [Fact]
    public async Task ReadDigit_KnownCaller_PassesTheStageOfTheTeam()
    {
        using var response = await _client.PostAsync(ReadDigit, Drawing(HeldOutDigits.All[0].Pixels), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Matches("^[0-9A-Za-z]{12}$", Assert.Single(response.Headers.GetValues("x-credential-id")));
        Assert.True(response.Headers.Contains("RateLimit"));
        Assert.True(response.Headers.Contains("RateLimit-Policy"));
    }

    [Fact]
    public async Task ReadDigit_OverTheLimit_Is429WithHeaders()
    {
        Refusal? limited = null;
        while (limited is null)
        {
            // More at once than the bucket holds: a slow machine must not refill it in between.
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _client.PostAsync(
                ReadDigit, InferBody.Text("{}"), TestContext.Current.CancellationToken)));
            foreach (var answer in answers.Where(static answer => answer.StatusCode == HttpStatusCode.TooManyRequests))
            {
                limited = await Refusal.ReadAsync(answer);
            }
        }

        Assert.NotEqual("", limited.Header("Retry-After"));
        Assert.True(limited.HasRateLimit);
    }

    [Theory]
    [InlineData("""{"pixels":[1,2,3]}""")]
    [InlineData("""{"pixels":[]}""")]
    [InlineData("""{"pixels":null}""")]
    [InlineData("{}")]
    [InlineData("""{"pixels":"drawn"}""")]
    [InlineData("drawn")]
    public async Task ReadDigit_WrongPixels_Is400AndTheRecordSaysSo(string body)
    {
        using var response = await _client.PostAsync(ReadDigit, InferBody.Text(body), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await Sample.SignalAsync("TERM");
        await Sample.WaitForExitAsync();
        var outcome = Assert.Single(AuditTrail.Read(Path.Combine(_folder.Path, "audit")).Outcomes);
        Assert.Equal(400, outcome.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Root_Stranger_IsOpenAndUnlimited()
    {
        for (var sent = 0; sent < 100; sent++)
        {
            using var response = await _stranger.GetAsync("/", TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit"));
        }
    }

    public async ValueTask InitializeAsync()
    {
        _sample = await SampleProcess.StartAsync("OwnEndpoints", "Development", settings: null, "--contentRoot", _folder.Path);
        _stranger.BaseAddress = _sample.Address;
        _client.BaseAddress = _sample.Address;
        _client.DefaultRequestHeaders.Add("x-api-key", (await PrintedCommand.FindAsync(_sample)).Key);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _stranger.Dispose();
        _sample?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static HttpContent Drawing(float[] pixels) => InferBody.Text(JsonSerializer.Serialize(new { pixels }));
}
