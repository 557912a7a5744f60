using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Kestrel alone: reads each body to its end, and answers with the same bytes.</summary>
internal sealed class BareApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BareApp(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<BareApp> StartAsync(byte[] answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
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
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new BareApp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
