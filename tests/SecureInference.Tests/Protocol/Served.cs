using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

/// <summary>A model behind all guards, on a socket.</summary>
internal static class Served
{
    public const string Path = "/v2/models/m/infer";
    private const int RuntimeOutdated = 1009;

    public static Task<GuardedApp> StartAsync(FakeModel model, ModelOptions? options = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        GuardedApp.StartAsync(
            add: guards =>
            {
                guards.Services.AddSingleton<IModelLoader>(model);
                var served = options ?? new ModelOptions();
                served.Path = "m";
                guards.Services.AddSingleton(new ModelRegistration("m", served));
            },
            settings: settings);

    /// <summary>What was warned of, but for the machine's own runtime.</summary>
    public static IEnumerable<string> Warnings(this GuardedApp app) =>
        app.Log.Entries.Where(static entry => entry.Level >= LogLevel.Warning && entry.EventId != RuntimeOutdated).Select(static entry => entry.Message);

    /// <summary>Asserts a refusal in the one form that refusals have.</summary>
    public static async Task<string> MustRefuseAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(text), answer.Content.Headers.ContentLength);
        using var json = JsonDocument.Parse(text);
        Assert.Equal((int)status, json.RootElement.GetProperty("status").GetInt32());
        return json.RootElement.GetProperty("error").GetString() ?? "";
    }

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>Opens a connection and sends the head of a request, for bodies that no well-behaved client sends.</summary>
    public static async Task<TcpClient> SendHeadAsync(this GuardedApp app, params IReadOnlyList<string> headers)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(app.Address.Host, app.Address.Port, TestContext.Current.CancellationToken);
        var head = $"POST {Path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nx-api-key: {app.Key}\r\n{string.Concat(headers.Select(static header => header + "\r\n"))}\r\n";
        await connection.GetStream().WriteAsync(Wire.Utf8(head), TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Waits for something to become true; the deadline is only there to end a test that has failed.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, deadline.Token);
        }
    }
}
