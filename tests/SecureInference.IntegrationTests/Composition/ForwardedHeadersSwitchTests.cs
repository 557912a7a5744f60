using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>The platform's switch for forwarded headers believes everybody; with us it believes the proxies that are listed.</summary>
public sealed class ForwardedHeadersSwitchTests
{
    [Fact]
    public async Task Start_SwitchWithoutAList_StopsAndSaysWhatToWrite()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync("true", proxy: null));

        Assert.Contains("SecureInference:Arrival:KnownProxies", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9")]
    [InlineData("10.0.0.7", "127.0.0.1")]
    public async Task Send_SwitchWithAList_UnguardedEndpointsSeeTheClientOfListedProxiesAlone(string proxy, string expected) =>
        Assert.Equal(expected, await AskAsync("true", proxy));

    [Fact]
    public async Task Send_ListWithoutTheSwitch_UnguardedEndpointsAreLeftAlone() =>
        Assert.Equal("127.0.0.1", await AskAsync("false", "127.0.0.1"));

    private static async Task<string> AskAsync(string isEnabled, string? proxy)
    {
        using var folder = new TestFolder();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = ["--ForwardedHeaders_Enabled", isEnabled],
            ContentRootPath = folder.Path,
            EnvironmentName = "Development",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["SecureInference:Arrival:KnownProxies:0"] = proxy }.Where(static entry => entry.Value is not null));
        EchoApp.Add(builder.Services.AddSecureInference(), FakeModel.Echo());
        await using var app = builder.Build();
        app.UseSecureInference();
        app.MapGet("/who", static (HttpContext http) => http.Connection.RemoteIpAddress!.ToString());
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        return await client.GetStringAsync("/who", TestContext.Current.CancellationToken);
    }
}
