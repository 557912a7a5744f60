using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>The same guards in each way to build an app.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task WebApplication_CreateBuilder_Guards()
    {
        using var folder = new TestFolder();
        var model = FakeModel.Echo();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.Path, EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        EchoApp.Add(builder.Services.AddSecureInference(), model);
        await using var app = builder.Build();
        app.UseSecureInference();
        app.MapSecureInference();

        await app.StartAsync(TestContext.Current.CancellationToken);

        await AssertGuardsAsync(app, model);
    }

    [Fact]
    public async Task GenericHost_UseRoutingAndUseEndpoints_Guards()
    {
        using var folder = new TestFolder();
        var model = FakeModel.Echo();
        using var host = new HostBuilder()
            .UseContentRoot(folder.Path)
            .UseEnvironment("Development")
            .ConfigureWebHost(web => web
                .UseKestrel()
                .UseUrls("http://127.0.0.1:0")
                .ConfigureServices((context, services) =>
                {
                    services.AddRouting();
                    EchoApp.Add(services.AddSecureInference(context.Configuration.GetSection("SecureInference")), model);
                })
                .Configure(static app =>
                {
                    app.UseRouting();
                    app.UseSecureInference();
                    app.UseEndpoints(static endpoints => endpoints.MapSecureInference());
                }))
            .Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        await AssertGuardsAsync(host, model);
    }

    [Fact]
    public async Task GenericHost_GuardsAfterTheEndpoints_NothingRuns()
    {
        using var folder = new TestFolder();
        var model = FakeModel.Echo();
        using var host = new HostBuilder()
            .UseContentRoot(folder.Path)
            .UseEnvironment("Development")
            .ConfigureWebHost(web => web
                .UseKestrel()
                .UseUrls("http://127.0.0.1:0")
                .ConfigureServices((context, services) =>
                {
                    services.AddRouting();
                    EchoApp.Add(services.AddSecureInference(context.Configuration.GetSection("SecureInference")), model);
                })
                .Configure(static app =>
                {
                    app.UseRouting();
                    app.UseEndpoints(static endpoints => endpoints.MapSecureInference());
                    app.UseSecureInference();
                }))
            .Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        using var client = ClientOf(host, withKey: true);
        using var response = await client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, model.Runs);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AssertGuardsAsync(IHost host, FakeModel model)
    {
        using var stranger = ClientOf(host, withKey: false);
        using var client = ClientOf(host, withKey: true);

        using var refused = await stranger.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        using var served = await client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        var answer = await served.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("fake", answer.GetProperty("model_name").GetString());
        Assert.Equal(1, model.Runs);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static HttpClient ClientOf(IHost host, bool withKey)
    {
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var client = new HttpClient { BaseAddress = new Uri(addresses.First()) };
        if (withKey)
        {
            client.DefaultRequestHeaders.Add("x-api-key", host.Services.GetRequiredService<DevelopmentKey>().Value);
        }

        return client;
    }
}
