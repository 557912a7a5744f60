using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Payloads;

namespace SecureInference.Benchmarks;

/// <summary>A request that leaves its two records in a log, as the pipeline does it.</summary>
internal sealed class AuditedRequest : IDisposable
{
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, "digits", ModelParameter: null);
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddMetrics().BuildServiceProvider();
    private readonly DefaultHttpContext _http = new();
    private readonly InferenceContext _context;
    private readonly InferenceRequest _request;
    private readonly InferenceResponse _response;
    private readonly RequestRecord _record;

    public AuditedRequest(IAuditStore store, AuditOptions options, PayloadKeeper? payloads = null, int elements = 784)
    {
        Log = new AuditLog(store, [], options, ActivatorUtilities.CreateInstance<AuditTelemetry>(_services), TimeProvider.System, payloads);
        Log.Start();
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
        _request = new InferenceRequest(Tensor.Create<float>("image", [1, elements], new float[elements]));
        _response = new InferenceResponse(Tensor.Create<float>("probabilities", [1, 10], new float[10]));
        _record = new RequestRecord(Log, TimeProvider.System);
    }

    public AuditLog Log { get; }

    /// <summary>Leaves a decision and an outcome. Where the queue is full, it waits, as no request does.</summary>
    public async ValueTask<bool> RunAsync()
    {
        _record.Begin(_http, _context);
        while (!_record.TryReserve())
        {
            Thread.Sleep(0);
        }

        var refusal = await _record.AllowAsync(_request) ?? await _record.ConcludeAsync(StatusCodes.Status200OK, _response);
        _record.Close(hasFailed: false);
        return refusal is null;
    }

    public void Dispose()
    {
        Log.Dispose();
        _request.Dispose();
        _response.Dispose();
        _services.Dispose();
    }
}
