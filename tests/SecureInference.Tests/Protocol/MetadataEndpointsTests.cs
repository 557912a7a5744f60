using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class MetadataEndpointsTests
{
    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task Get_Server_NamesItselfAndWhatWorks(string path)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());

        using var answer = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var stranger = await app.Stranger.GetAsync(path, TestContext.Current.CancellationToken);

        var json = await answer.ReadJsonAsync();
        Assert.Equal(["name", "version", "extensions"], json.EnumerateObject().Select(static property => property.Name));
        Assert.Equal("SecureInference", json.GetProperty("name").GetString());
        Assert.Equal("""["binary_tensor_data","parameters"]""", json.GetProperty("extensions").GetRawText());
        await stranger.MustRefuseAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Get_Server_TakesItsNameFromTheOptions()
    {
        await using var app = await GuardedApp.StartAsync(add: static guards => guards.AddProtocol(static options => options.ServerName = "triton"));

        using var answer = await app.Client.GetAsync("/v2", TestContext.Current.CancellationToken);

        Assert.Equal("triton", (await answer.ReadJsonAsync()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/v2/models/m")]
    [InlineData("/v2/models/m/")]
    [InlineData("/v2/models/m/versions/1")]
    public async Task Get_Model_DescribesItsSignature(string path)
    {
        await using var app = await Served.StartAsync(Models.Three());

        using var answer = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);

        const string Inputs = """[{"name":"a","datatype":"FP32","shape":[-1,2]},{"name":"b","datatype":"BYTES","shape":[-1]},{"name":"c","datatype":"INT64","shape":[-1]}]""";
        Assert.Equal(
            $$"""{"name":"m","versions":["1"],"platform":"fake_function","inputs":{{Inputs}},"outputs":{{Inputs.Replace("\"a\"", "\"A\"", StringComparison.Ordinal).Replace("\"b\"", "\"B\"", StringComparison.Ordinal).Replace("\"c\"", "\"C\"", StringComparison.Ordinal)}}}""",
            (await answer.ReadJsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("latest")]
    [InlineData("1%20")]
    public async Task Get_AnotherVersion_Returns404(string version)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());

        using var answer = await app.Client.GetAsync($"/v2/models/m/versions/{version}", TestContext.Current.CancellationToken);

        await answer.MustRefuseAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/models/m")]
    [InlineData("/v2/models/m/ready")]
    [InlineData("/v2/health/live")]
    public async Task Head_OfWhatCanBeGot_HasTheSameHeadAndNoBody(string path)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var get = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var head = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
