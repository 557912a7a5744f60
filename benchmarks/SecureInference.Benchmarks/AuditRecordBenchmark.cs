using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Benchmarks;

/// <summary>What do a request's two records cost on its own thread, and what do commitments add?</summary>
/// <remarks>The writer runs beside, as it does in an app, over a store that only numbers. A full queue is waited for outside of what an app would measure, and counted in here.</remarks>
[MemoryDiagnoser]
public class AuditRecordBenchmark : IDisposable
{
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, "digits", ModelParameter: null);
    private readonly DefaultHttpContext _http = new();
    private InferenceContext? _context;
    private InferenceRequest? _request;
    private InferenceResponse? _response;
    private ServiceProvider? _services;
    private AuditLog? _log;
    private RequestRecord? _record;

    [GlobalSetup]
    public void Setup()
    {
        _services = new ServiceCollection().AddLogging().AddMetrics().BuildServiceProvider();
        _log = new AuditLog(new CountingStore(), [], new AuditOptions(), ActivatorUtilities.CreateInstance<AuditTelemetry>(_services), TimeProvider.System);
        _log.Start();
        _http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(Infer), "infer"));
        _context = InferenceContext.Get(_http);
        if (!ScopeSet.TryParse([], out var scopes, out var problem))
        {
            throw new InvalidOperationException(problem);
        }

        _context.Identify(new Caller("checkout-service", "ApiKey", scopes, new CallerState("checkout-service")) { CredentialId = "k7q2m4x9w1zt" });
        _context.Model = "digits";
        _context.ModelVersion = "1";
        _context.ModelDigest = new string('a', 64);
        _context.Rows = 1;
        _request = new InferenceRequest(Tensor.Create<float>("image", [1, 784], new float[784]));
        _response = new InferenceResponse(Tensor.Create<float>("probabilities", [1, 10], new float[10]));
        _record = new RequestRecord(_log, TimeProvider.System);
    }

    [Benchmark]
    public async ValueTask<bool> TwoRecordsAsync()
    {
        _record!.Begin(_http, _context!);
        while (!_record.TryReserve())
        {
            Thread.Yield();
        }

        var refusal = await _record.AllowAsync(_request) ?? await _record.ConcludeAsync(StatusCodes.Status200OK, _response);
        _record.Close(hasFailed: false);
        return refusal is null;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _log?.Dispose();
        _request?.Dispose();
        _response?.Dispose();
        _services?.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class CountingStore : IAuditStore
    {
        private long _size;

        public long CommittedSize { get; private set; }

        public long Append(ReadOnlySpan<byte> record) => _size++;

        public void Commit() => CommittedSize = _size;

        public void Dispose()
        {
        }
    }
}
