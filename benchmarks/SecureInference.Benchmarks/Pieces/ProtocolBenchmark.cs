using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Protocol;

namespace SecureInference.Benchmarks.Pieces;

/// <summary>What do reading, checking and answering a request of 64 floats cost, in JSON and in binary?</summary>
[MemoryDiagnoser]
public class ProtocolBenchmark
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    private readonly DefaultHttpContext _http = new();
    private readonly DiscardedAnswer _answer = new();
    private ReplayedBody _body = new([]);
    private PieceApp? _app;
    private ModelLease _lease;
    private InferWork? _work;
    private InferCall? _call;
    private InferenceResponse? _response;

    /// <summary>Gets or sets whether tensors travel in binary.</summary>
    [Params(false, true)]
    public bool IsBinary { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _app = await PieceApp.StartAsync();
        if (!_app.Services.GetRequiredService<IModelCatalog>().TryGet(PieceApp.Model, version: null, out var model) || ModelLease.TryTake(model, out _lease) is not null)
        {
            throw new InvalidOperationException("The model is not there.");
        }

        var (head, data) = CreateBody();
        _body = new ReplayedBody([.. head, .. data]);
        _http.Request.ContentLength = head.Length + data.Length;
        if (IsBinary)
        {
            _http.Request.Headers[HeaderLength] = head.Length.ToString(CultureInfo.InvariantCulture);
        }

        _http.Features.Set<IRequestBodyPipeFeature>(_body);
        _http.Features.Set<IHttpResponseBodyFeature>(_answer);
        _work = InferWork.Take(InferenceContext.Get(_http), _app.Services.GetRequiredService<BytesInFlight>());

        // One that stays, for what comes after reading.
        var kept = new InferWork(_app.Services.GetRequiredService<BytesInFlight>());
        _call = await ReadAsync(kept);
        _response = new InferenceResponse(Tensor.Create<float>("probabilities", [1, 10], [.. Enumerable.Range(1, 10).Select(static digit => 1f / digit)]));
        if (_lease.Model.Check(_call.Request) is { } error)
        {
            throw new InvalidOperationException(error.Detail);
        }
    }

    [Benchmark]
    public async ValueTask<int> Read()
    {
        var call = await ReadAsync(_work!);
        var inputs = call.Request.Inputs.Count;
        _work!.Leave(InferenceContext.Get(_http), isOver: true);
        return inputs;
    }

    [Benchmark]
    public bool Validate() => _lease.Model.Check(_call!.Request) is null;

    [Benchmark]
    public async ValueTask<int> Answer()
    {
        await InferResponseWriter.WriteAsync(_http, _lease.Model.Metadata, _call!, _response!, compressionThreshold: int.MaxValue);
        _http.Response.Headers.Clear();
        return _answer.Last;
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _lease.Dispose();
        await _app!.DisposeAsync();
    }

    private async ValueTask<InferCall> ReadAsync(InferWork work)
    {
        _body.Rewind();
        work.Share.Begin("bench");
        if (work.Body.Open(_http, limit: 1 << 20, work.Share, TimeSpan.FromMinutes(1), TimeProvider.System) is { } refusal)
        {
            throw new InvalidOperationException(refusal.Detail);
        }

        work.Draft.Begin(_lease.Model, caller: null);
        var (call, error) = await InferRequestReader.ReadAsync(_http, work.Body, work.Draft);
        await work.Body.DisposeAsync();
        return call ?? throw new InvalidOperationException(error?.Detail);
    }

    private (byte[] Head, byte[] Data) CreateBody()
    {
        float[] pixels = [.. Enumerable.Range(0, 64).Select(static pixel => MathF.Round(MathF.Abs(MathF.Sin(pixel)) * 16, 4))];
        if (!IsBinary)
        {
            var values = string.Join(',', pixels.Select(static pixel => pixel.ToString("R", CultureInfo.InvariantCulture)));
            return (Encoding.ASCII.GetBytes($$"""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[{{values}}]}]}"""), []);
        }

        var data = MemoryMarshal.AsBytes<float>(pixels).ToArray();
        return (Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}]}""")), data);
    }
}
