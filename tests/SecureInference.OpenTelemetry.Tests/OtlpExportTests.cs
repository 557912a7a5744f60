using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Pipeline.Auditing;
using SecureInference.TestSupport;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>What arrives at a collector.</summary>
[Collection("Apps")]
public sealed class OtlpExportTests
{
    private const string Good = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";
    private const string Strange = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly FakeModel Failing = FakeModel.Create(
        [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
        [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
        static (_, _) => throw new InvalidOperationException("The engine broke."));

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Export_OneRequestThatFails_HasOneTraceIdInSpansLogsRecordsAndErrorBody(string protocol)
    {
        var sink = new CollectingSink();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var app = await ExportingApp.StartAsync(receiver, protocol, Failing, guards => guards.Services.AddSingleton<IAuditSink>(sink));

        var body = await app.InferAsync(Good);
        await app.FlushAsync();

        var traceId = JsonDocument.Parse(body).RootElement.GetProperty("traceId").GetString() ?? "";
        var request = Assert.Single(receiver.Spans, static span => span is { Source: "SecureInference", Name: "infer digits" });
        Assert.Equal(traceId, request.TraceId);
        Assert.Equal(["decision", "outcome"], sink.Records.Where(record => record.TraceId == traceId).Select(static record => record.Kind.ToString().ToLowerInvariant()));
        Assert.Contains(receiver.Spans, span => span.Source == "Microsoft.AspNetCore" && span.SpanId == request.ParentId && span.TraceId == traceId);
        Assert.Contains(receiver.Spans, span => span.Name == "run" && span.ParentId == request.SpanId && span.TraceId == traceId);
        Assert.Equal("failed", request.Tags["outcome"]);
        Assert.Equal("model_failed", request.Tags["rule"]);
        Assert.Contains(receiver.Logs, static log => log.Category == "SecureInference.Models.ModelCatalog");
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Export_OneRequest_ItsMetricsArrive(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var app = await ExportingApp.StartAsync(receiver, protocol, FakeModel.Echo());

        await app.InferAsync(Good);
        await app.FlushAsync();

        var duration = Assert.Single(receiver.Metrics, static metric => metric.Name == "secure_inference.request.duration");
        Assert.Equal(("SecureInference", "s", "histogram"), (duration.Meter, duration.Unit, duration.Kind));
        Assert.Equal([("model", "digits"), ("operation", "infer"), ("outcome", "success")], Assert.Single(duration.Points).Select(static tag => (tag.Key, tag.Value)).Order());
        Assert.Contains(receiver.Metrics, static metric => metric.Name == "secure_inference.runtime.run_time");
        Assert.Contains(receiver.Metrics, static metric => metric.Name == "secure_inference.runtime.lanes");
        Assert.Contains(receiver.Metrics, static metric => metric.Name == "http.server.request.duration");
    }

    [Fact]
    public async Task Export_TraceOfAStranger_IsLinkedAndNotJoined()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var app = await ExportingApp.StartAsync(receiver, "http/protobuf", FakeModel.Echo());

        var body = await app.InferAsync("{}", $"00-{Strange}-00f067aa0ba902b7-01");
        await app.FlushAsync();

        var request = Assert.Single(receiver.Spans, static span => span is { Source: "SecureInference", Name: "infer digits" });
        Assert.NotEqual(Strange, request.TraceId);
        Assert.Equal("", request.ParentId);
        Assert.Equal([Strange], request.Links);
        Assert.Equal(request.TraceId, JsonDocument.Parse(body).RootElement.GetProperty("traceId").GetString());
        Assert.Contains(receiver.Spans, static span => span.Source == "Microsoft.AspNetCore" && span.TraceId == Strange);
    }

    [Fact]
    public async Task AddOpenTelemetry_Twice_SendsOnce()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var app = await ExportingApp.StartAsync(receiver, "http/protobuf", FakeModel.Echo(), static guards => guards.AddOpenTelemetry());

        await app.InferAsync(Good);
        await app.FlushAsync();

        Assert.Single(receiver.Spans, static span => span.Name == "infer digits");
    }
}
