using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Kestrel with the same route and the same log, and nothing more: reads each body to its end, and answers with the same bytes.</summary>
internal sealed class BareApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BareApp(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<BareApp> StartAsync(byte[] answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.AddProvider(new CollectedLog()).SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.Map("/v2/models/{model}/infer", (RequestDelegate)(http => AnswerAsync(http, answer)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new BareApp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http, byte[] answer)
    {
        while (await http.Request.BodyReader.ReadAsync(http.RequestAborted) is var read)
        {
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        http.Response.ContentType = "application/octet-stream";
        http.Response.ContentLength = answer.Length;
        await http.Response.BodyWriter.WriteAsync(answer, http.RequestAborted);
    }
}
