using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>A collector on the loopback interface: takes OTLP over HTTP and over gRPC, and reads what has come.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ProtoMessage> _traces = new();
    private readonly ConcurrentQueue<ProtoMessage> _metrics = new();
    private readonly ConcurrentQueue<ProtoMessage> _logs = new();
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public IReadOnlyList<ReceivedSpan> Spans => [.. Scopes(_traces).SelectMany(static scope => scope.All(2).Select(span => new ReceivedSpan(
        NameOf(scope),
        span.Text(5),
        (int)span.Number(6),
        span.Hex(1),
        span.Hex(2),
        span.Hex(4),
        Tags(span, 9),
        [.. span.All(13).Select(static link => link.Hex(1))])))];

    public IReadOnlyList<ReceivedMetric> Metrics => [.. Scopes(_metrics).SelectMany(static scope => scope.All(2).Select(metric =>
    {
        var (kind, data) = metric.Has(5) ? ("gauge", 5) : metric.Has(7) ? ("sum", 7) : ("histogram", 9);
        var points = metric.Find(data)?.All(1).Select(point => Tags(point, kind == "histogram" ? 9 : 7)) ?? [];
        return new ReceivedMetric(NameOf(scope), metric.Text(1), metric.Text(3), kind, [.. points]);
    }))];

    public IReadOnlyList<ReceivedLog> Logs => [.. Scopes(_logs).SelectMany(static scope => scope.All(2).Select(log =>
        new ReceivedLog(NameOf(scope), log.Text(12), log.Find(5)?.Text(1) ?? "", log.Hex(9))))];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(static server =>
        {
            server.Listen(System.Net.IPAddress.Loopback, 0, static http => http.Protocols = HttpProtocols.Http1);
            server.Listen(System.Net.IPAddress.Loopback, 0, static grpc => grpc.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Returns where a protocol of OTLP is spoken.</summary>
    public string AddressOf(string protocol) => _app.Urls.ElementAt(protocol == "grpc" ? 1 : 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var isGrpc = http.Request.ContentType == "application/grpc";

        // A flag and four bytes of length come before each message of gRPC.
        var message = new ProtoMessage(body.ToArray().AsSpan(isGrpc ? 5 : 0));
        switch (http.Request.Path.Value)
        {
            case "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export":
                _traces.Enqueue(message);
                break;
            case "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export":
                _metrics.Enqueue(message);
                break;
            case "/v1/logs" or "/opentelemetry.proto.collector.logs.v1.LogsService/Export":
                _logs.Enqueue(message);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }

        http.Response.ContentType = http.Request.ContentType;
        if (isGrpc)
        {
            await http.Response.Body.WriteAsync(new byte[5], http.RequestAborted);
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private static IEnumerable<ProtoMessage> Scopes(IEnumerable<ProtoMessage> requests) => requests.SelectMany(static request => request.All(1)).SelectMany(static resource => resource.All(2));

    private static string NameOf(ProtoMessage scope) => scope.Find(1)?.Text(1) ?? "";

    private static Dictionary<string, string> Tags(ProtoMessage message, int field) => message.All(field).ToDictionary(static tag => tag.Text(1), static tag =>
        tag.Find(2) is { } value ? value.Has(1) ? value.Text(1) : value.Number(3).ToString(CultureInfo.InvariantCulture) : "");
}
