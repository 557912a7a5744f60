using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Validation;
using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

/// <summary>One infer request and its answer, without a server: the body comes in packets of any size.</summary>
internal static class Conversation
{
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public static Task<Answer> SendAsync(FakeModel model, byte[] body, int packet = int.MaxValue, Action<IHeaderDictionary>? headers = null) =>
        SendAsync(model, new PacketReader(body, () => packet), headers);

    /// <summary>Sends JSON and binary parts, with the header that says where the parts begin.</summary>
    public static Task<Answer> SendBinaryAsync(FakeModel model, string json, byte[] parts, string? headerLength = null, int packet = int.MaxValue)
    {
        var head = Wire.Utf8(json);
        return SendAsync(model, Wire.Join(head, parts), packet, headers => headers["inference-header-content-length"] = headerLength ?? $"{head.Length}");
    }

    public static async Task<Answer> SendAsync(FakeModel model, PipeReader body, Action<IHeaderDictionary>? headers = null, ProtocolOptions? options = null, bool isAborted = false, IRequestCharge? charge = null)
    {
        var log = new CollectedLog();
        using var loggers = new LoggerFactory([log]);
        var runner = new ValidatingModelRunner(model, new ValidationTelemetry(Meters));
        var endpoint = new InferEndpoint(new OneModel(runner), new BytesInFlight(Options.Create(options ?? new ProtocolOptions())), Options.Create(options ?? new ProtocolOptions()), new ProtocolTelemetry(loggers.CreateLogger<InferEndpoint>()), TimeProvider.System);
        var http = new DefaultHttpContext();
        headers?.Invoke(http.Request.Headers);
        http.Request.Method = "POST";
        http.RequestAborted = new CancellationToken(isAborted);
        http.Request.RouteValues["model"] = model.Metadata.Name;
        http.Request.Body = body.AsStream();
        http.Features.Set<IRequestBodyPipeFeature>(new BodyPipe(body));
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        InferenceContext.Get(http).Charge = charge;
        var runs = model.Runs;

        await endpoint.InferAsync(http);

        await http.Response.CompleteAsync();
        return new Answer(http.Response.StatusCode, http.Response.Headers, answer.ToArray(), model.Runs - runs, log);
    }

    private sealed class BodyPipe(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    private sealed class OneModel(IModelRunner model) : IModelCatalog
    {
        public IReadOnlyList<IModelRunner> Models => [model];

        public bool TryGet(string name, string? version, [NotNullWhen(true)] out IModelRunner? runner)
        {
            runner = model;
            return true;
        }

        public Task<ModelReload> ReloadAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ModelReload(ModelReloadOutcome.Unknown, [], Problem: null));
    }
}
