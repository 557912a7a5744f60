namespace SecureInference.IntegrationTests.Samples;

public sealed class AuthorizationRefusalTests : IClassFixture<AuthorizationRefusalTests.Fixture>
{
    private readonly Fixture _fixture;

    public AuthorizationRefusalTests(Fixture fixture) => _fixture = fixture;

    [Theory]
    [InlineData("/v2/models/digits/infer")]
    [InlineData("/v2/models/digits/versions/1/infer")]
    public async Task Infer_KeyThatMayOnlyRead_Is403AndNamesTheScope(string path)
    {
        using var client = _fixture.Sample.CreateClient(_fixture.Reader);

        var refusal = await Refusal.PostAsync(client, path, InferBody.Json("1", HeldOutDigits.Tensor([0])));

        Assert.Equal((403, "insufficient_scope"), (refusal.Status, refusal.Rule));
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"model:digits:infer\"", refusal.Header("WWW-Authenticate"));
        Assert.True(refusal.HasRateLimit);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/ready")]
    [InlineData("POST", "/infer")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/versions/1")]
    [InlineData("POST", "/versions/1/infer")]
    [InlineData("POST", "/versions/9/infer")]
    public async Task Send_ModelThatIsHidden_LooksLikeOneThatDoesNotExist(string method, string rest)
    {
        using var client = _fixture.Sample.CreateClient(_fixture.Elsewhere);

        var hidden = await Refusal.SendAsync(client, new HttpRequestMessage(new HttpMethod(method), "/v2/models/digits" + rest));
        var unknown = await Refusal.SendAsync(client, new HttpRequestMessage(new HttpMethod(method), "/v2/models/nosuch" + rest));

        Assert.Equal((404, "model_not_found"), (hidden.Status, hidden.Rule));
        Assert.Equal(
            unknown.BodyButForTraceId.Replace("nosuch", "digits", StringComparison.Ordinal), hidden.BodyButForTraceId);
        Assert.Equal(unknown.Headers.Keys.Order(StringComparer.Ordinal), hidden.Headers.Keys.Order(StringComparer.Ordinal));
        Assert.True(hidden.HasRateLimit);
    }

    [Theory]
    [InlineData("/v2/models/DIGITS/infer")]
    [InlineData("/v2/models/digits%20/infer")]
    [InlineData("/v2/models/..%2fdigits/infer")]
    public async Task Infer_NameThatIsNotQuiteTheModels_Is404(string path)
    {
        var refusal = await Refusal.PostAsync(_fixture.Sample.Client, path, InferBody.Json("1", HeldOutDigits.Tensor([0])));

        Assert.Equal((404, "model_not_found"), (refusal.Status, refusal.Rule));
    }

    [Fact]
    public async Task Read_KeyThatMayOnlyRead_IsAnswered()
    {
        using var client = _fixture.Sample.CreateClient(_fixture.Reader);

        using var response = await client.GetAsync("/v2/models/digits", TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
        Assert.True(response.Headers.Contains("RateLimit"));
        Assert.True(response.Headers.Contains("RateLimit-Policy"));
    }

    [Fact]
    public async Task Send_KeyOfAnAdministrator_MayNeitherReadNorInfer()
    {
        using var client = _fixture.Sample.CreateClient(_fixture.Admin);

        var infer = await Refusal.PostAsync(client, "/v2/models/digits/infer", InferBody.Json("1", HeldOutDigits.Tensor([0])));
        var read = await Refusal.SendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/v2/models/digits"));

        Assert.Equal((404, 404), (infer.Status, read.Status));
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public Fixture()
        {
            Reader = Sample.AddKey("reader", "model:digits:read");
            Elsewhere = Sample.AddKey("elsewhere", "model:other:infer");
            Admin = Sample.AddKey("admin", "admin");
        }

        internal DigitsSample Sample { get; } = new();

        internal string Reader { get; }

        internal string Elsewhere { get; }

        internal string Admin { get; }

        public ValueTask InitializeAsync() => Sample.InitializeAsync();

        public ValueTask DisposeAsync() => Sample.DisposeAsync();
    }
}
