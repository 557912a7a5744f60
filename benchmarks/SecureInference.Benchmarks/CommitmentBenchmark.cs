using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.Auditing.Payloads;

namespace SecureInference.Benchmarks;

/// <summary>What does a commitment to one tensor cost on the request's own thread, beside the bare hash over its elements?</summary>
[MemoryDiagnoser]
public class CommitmentBenchmark
{
    private readonly PayloadForm _form = new([]);
    private readonly byte[] _salt = new byte[PayloadEntry.SaltBytes];
    private readonly byte[] _commitment = new byte[SHA256.HashSizeInBytes];
    private Tensor[] _tensors = [];

    [Params(4, 784, 1 << 20)]
    public int Elements { get; set; }

    [GlobalSetup]
    public void Setup() => _tensors = [Tensor.Create<float>("image", [1, Elements], new float[Elements])];

    [Benchmark]
    public void Commit()
    {
        SaltSource.Draw(_salt);
        _form.Commit(_tensors, _salt, _commitment);
    }

    [Benchmark(Baseline = true)]
    public int BareHash() => SHA256.HashData(_tensors[0].Data.Span, _commitment);
}
