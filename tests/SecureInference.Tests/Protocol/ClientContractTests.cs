using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

/// <summary>What the clients of the protocol were seen to break on.</summary>
public class ClientContractTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Infer_AnyContentType_IsTaken(string? contentType)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var content = new ByteArrayContent(Wire.Good());
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        using var answer = await app.Client.PostAsync(Served.Path, content, Cancelled);

        Assert.Equal("[1,2,3,4]", (await answer.ReadJsonAsync()).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("?test_1=1&test_2=2")]
    [InlineData("?")]
    [InlineData("?%ff&=&&a[]=x#y")]
    public async Task Infer_AnyQueryString_IsTaken(string query)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var content = new ByteArrayContent(Wire.Good());

        using var answer = await app.Client.PostAsync(Served.Path + query, content, Cancelled);

        await answer.ReadJsonAsync();
    }

    [Theory]
    [InlineData("inference-header-content-length")]
    [InlineData("Inference-Header-Content-Length")]
    [InlineData("INFERENCE-HEADER-CONTENT-LENGTH")]
    public async Task Infer_HeaderNameInAnyCase_IsRead(string name)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        var head = Wire.Utf8(Wire.BinaryHead("FP32", "[1,4]", "16"));
        using var content = new ByteArrayContent(Wire.Join(head, Wire.Numbers(1f, 2f, 3f, 4f)));
        content.Headers.TryAddWithoutValidation(name, $"{head.Length}");

        using var answer = await app.Client.PostAsync(Served.Path, content, Cancelled);

        Assert.Equal("[1,2,3,4]", (await answer.ReadJsonAsync()).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Infer_BinaryDataOutputWithoutOutputs_AnswersAllOutputsInBinary()
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var content = new ByteArrayContent(Wire.Good(",\"parameters\":{\"binary_data_output\":true}"));

        using var answer = await app.Client.PostAsync(Served.Path, content, Cancelled);

        var body = await answer.Content.ReadAsByteArrayAsync(Cancelled);
        var length = int.Parse(Assert.Single(answer.Headers.GetValues("Inference-Header-Content-Length")), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
        Assert.Equal(Wire.Numbers(1f, 2f, 3f, 4f), body[length..]);
        Assert.Equal("m", JsonDocument.Parse(body.AsMemory(0, length)).RootElement.GetProperty("model_name").GetString());
    }

    [Theory]
    [InlineData("GET", "/v2/models/nope")]
    [InlineData("GET", "/v2/models/nope/ready")]
    [InlineData("POST", "/v2/models/nope/infer")]
    [InlineData("POST", "/v2/models/m/versions/2/infer")]
    [InlineData("GET", "/v2/models/M")]
    public async Task Request_UnknownModel_IsRefusedWithTheTextThatClientsCheck(string verb, string path)
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);

        using var answer = await app.Client.SendAsync(request, Cancelled);

        Assert.StartsWith("Request for unknown model", await answer.MustRefuseAsync(HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Equal(0, model.Runs);
    }

    [Fact]
    public async Task Infer_Answer_NamesModelVersionAndIdAndItsExactLength()
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var content = new ByteArrayContent(Wire.Good(",\"id\":\"ä-7\""));

        using var answer = await app.Client.PostAsync("/v2/models/m/versions/1/infer", content, Cancelled);

        var json = await answer.ReadJsonAsync();
        Assert.Equal("""{"model_name":"m","model_version":"1","id":"ä-7","outputs":[{"name":"y","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""", json.GetRawText());
        Assert.Equal(Wire.Utf8(json.GetRawText()).Length, answer.Content.Headers.ContentLength);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("POST", "/v2/models/m/infer", "{}", 400)]
    [InlineData("POST", "/v2/models/m/infer", "", 400)]
    [InlineData("GET", "/v2/models/nope", null, 404)]
    [InlineData("GET", "/v2/nothing/here", null, 404)]
    [InlineData("GET", "/v2/models", null, 404)]
    [InlineData("POST", "/v2/repository/index", "{}", 404)]
    [InlineData("GET", "/v2/models/m/infer", null, 405)]
    [InlineData("DELETE", "/v2/health/live", null, 405)]
    [InlineData("BREW", "/v2/models/m", null, 405)]
    public async Task Request_Refused_HasAStringCalledError(string verb, string path, string? body, int status)
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = body is null ? null : new ByteArrayContent(Wire.Utf8(body)) };

        using var answer = await app.Client.SendAsync(request, Cancelled);

        Assert.NotEmpty(await answer.MustRefuseAsync((HttpStatusCode)status));
        Assert.Equal(0, model.Runs);
    }

    [Fact]
    public async Task Infer_ModelThatThrows_Returns500WithAStringCalledErrorAndNothingOfTheException()
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            static (_, _) => throw new InvalidOperationException("the secret of the house"));
        await using var app = await Served.StartAsync(model);
        using var content = new ByteArrayContent(Wire.Good());

        using var answer = await app.Client.PostAsync(Served.Path, content, Cancelled);

        Assert.DoesNotContain("secret", await answer.MustRefuseAsync(HttpStatusCode.InternalServerError), StringComparison.Ordinal);
        Assert.Contains(app.Warnings(), static message => message.Contains("the secret of the house", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Infer_TimeoutOfTheRequest_Returns504WithAStringCalledError()
    {
        await using var app = await Served.StartAsync(FakeModel.Gated(new TaskCompletionSource().Task));
        using var content = new ByteArrayContent(Wire.Good(",\"parameters\":{\"timeout\":20000}"));

        using var answer = await app.Client.PostAsync(Served.Path, content, Cancelled);

        Assert.Equal("Request timeout expired.", await answer.MustRefuseAsync(HttpStatusCode.GatewayTimeout));
    }

    [Theory]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/m")]
    public async Task Request_ToAServerThatShutsDown_Returns503WithAStringCalledError(string path)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        await app.Services.GetRequiredService<DrainState>().DrainAsync();

        using var answer = await app.Client.GetAsync(path, Cancelled);

        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("The server is shutting down.", json.RootElement.GetProperty("error").GetString());
    }
}
