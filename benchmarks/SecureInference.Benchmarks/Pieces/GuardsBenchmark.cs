using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace SecureInference.Benchmarks.Pieces;

/// <summary>What does each guard cost, as it stands in the pipeline? Each is the difference to the one before.</summary>
[MemoryDiagnoser]
public class GuardsBenchmark
{
    private readonly DefaultHttpContext _http = new();
    private PieceApp? _app;
    private RequestDelegate _pipeline = static _ => Task.CompletedTask;

    [ParamsAllValues]
    public Guard Through { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _app = await PieceApp.StartAsync();
        _http.Request.Headers["x-api-key"] = _app.Key;
        _http.Request.Method = "POST";
        var guards = new ApplicationBuilder(_app.Services);
        foreach (var use in new Action[] { () => guards.UseInferenceArrival(), () => guards.UseInferenceAuthentication(), () => guards.UseInferenceAuthorization(), () => guards.UseInferenceRateLimiting() }[..(int)Through])
        {
            use();
        }

        guards.Run(static http => http.Response.StatusCode == StatusCodes.Status200OK ? Task.CompletedTask : throw new InvalidOperationException("Refused."));
        _pipeline = guards.Build();
        _http.SetEndpoint(new Endpoint(
            requestDelegate: null, new EndpointMetadataCollection(new InferenceEndpointMetadata(InferenceOperation.Infer, PieceApp.Model, ModelParameter: null)), "infer"));
    }

    [Benchmark]
    public Task Guards()
    {
        var task = _pipeline(_http);
        _http.Features[typeof(InferenceContext)] = null;
        _http.Features[typeof(IHttpAuthenticationFeature)] = null;
        _http.Response.Headers.Clear();
        return task.IsCompletedSuccessfully && _http.Response.StatusCode == StatusCodes.Status200OK ? task : throw new InvalidOperationException("Refused.");
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _app!.DisposeAsync();
}
