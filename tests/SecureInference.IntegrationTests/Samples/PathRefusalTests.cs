using System.Net;

namespace SecureInference.IntegrationTests.Samples;

public sealed class PathRefusalTests(DigitsSample sample) : IClassFixture<DigitsSample>
{
    [Theory]
    [InlineData("GET", "/v2/nothing")]
    [InlineData("POST", "/v2/models")]
    [InlineData("GET", "/v2/models/digits/nothing")]
    [InlineData("POST", "/v2/repository/models/digits/load")]
    [InlineData("POST", "/v2/systemsharedmemory/region/x/register")]
    [InlineData("GET", "/V2/Nothing")]
    public async Task Send_PathThatIsNotThere_Is404(string method, string path)
    {
        var refusal = await Refusal.SendAsync(sample.Client, new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((404, "path_not_found"), (refusal.Status, refusal.Rule));
        Assert.True(refusal.HasRateLimit);
    }

    [Theory]
    [InlineData("POST", "/v2", "GET, HEAD")]
    [InlineData("DELETE", "/v2/models/digits", "GET, HEAD")]
    [InlineData("POST", "/v2/models/digits/ready", "GET, HEAD")]
    [InlineData("GET", "/v2/models/digits/infer", "POST")]
    [InlineData("PUT", "/v2/models/digits/versions/1/infer", "POST")]
    [InlineData("OPTIONS", "/v2/models/digits/infer", "POST")]
    public async Task Send_WrongVerb_Is405AndSaysWhichIsRight(string method, string path, string allow)
    {
        var refusal = await Refusal.SendAsync(sample.Client, new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((405, "method_not_allowed"), (refusal.Status, refusal.Rule));
        Assert.Equal(allow, refusal.Header("Allow"));
        Assert.True(refusal.HasRateLimit);
    }

    [Theory]
    [InlineData("GET", "/v2/nothing")]
    [InlineData("DELETE", "/v2/models/digits")]
    [InlineData("POST", "/v2/models/nosuch/infer")]
    [InlineData("GET", "/v2/models/digits/infer")]
    public async Task Send_StrangerAtAnyPath_LearnsNothingOfIt(string method, string path)
    {
        var refusal = await Refusal.SendAsync(sample.Stranger, new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((401, "credential_missing"), (refusal.Status, refusal.Rule));
    }

    [Theory]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    public async Task Health_Stranger_IsAnswered(string path)
    {
        using var response = await sample.Stranger.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Head_OfWhatCanBeRead_IsTheAnswerWithoutItsBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v2/models/digits");

        using var response = await sample.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(response.Headers.Contains("RateLimit"));
    }
}
