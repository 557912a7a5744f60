using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Payloads;

namespace SecureInference.Benchmarks;

/// <summary>What do a request's two records cost on its own thread, and what do commitments to a small input and to one of 3 KB add?</summary>
/// <remarks>The writer runs beside, as it does in an app, over a store that only numbers. Where it cannot follow, the wait for room is counted in here, which no request has.</remarks>
[MemoryDiagnoser]
public class AuditRecordBenchmark : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("audit-benchmark");
    private PayloadKeeper? _keeper;
    private AuditedRequest? _plain;
    private AuditedRequest? _committed;

    [Params(4, 784)]
    public int Elements { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _plain = new AuditedRequest(new CountingStore(), new AuditOptions(), elements: Elements);
        _keeper = new PayloadKeeper(new PayloadFolder(_directory.FullName, 64 << 20), new PayloadForm([]), keys: null, 64 << 20);
        _committed = new AuditedRequest(new CountingStore(), new AuditOptions { Durability = AuditDurability.None }, _keeper, Elements);
    }

    [Benchmark(Baseline = true)]
    public ValueTask<bool> TwoRecordsAsync() => _plain!.RunAsync();

    [Benchmark]
    public ValueTask<bool> TwoCommitmentsAsync() => _committed!.RunAsync();

    [GlobalCleanup]
    public void Dispose()
    {
        _plain?.Dispose();
        _committed?.Dispose();
        _keeper?.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
