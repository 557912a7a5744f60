using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Benchmarks;

/// <summary>How long does a record take through the whole log: encoded and queued by one thread, hashed, written and synced by the writer?</summary>
/// <remarks>Times and bytes are those of one record, of 100,000 that come as fast as one thread makes them, until the last is committed. The disk is that of the temporary folder.</remarks>
[MemoryDiagnoser]
public class AuditThroughputBenchmark : IDisposable
{
    private const int Requests = 50_000;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("audit-benchmark");
    private readonly LogKeys _keys = new(SigningKey.Make());
    private AuditedRequest? _request;

    [Params(AuditDurability.None, AuditDurability.Batched)]
    public AuditDurability Durability { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var settings = new LogSettings { SyncsEachCommit = Durability != AuditDurability.None, KeepSegments = 4 };
        var store = LogStore.Open(DiskFolder.Make(_directory.FullName), settings, _keys, TimeProvider.System);
        _request = new AuditedRequest(store, new AuditOptions { Durability = Durability });
    }

    [Benchmark(OperationsPerInvoke = 2 * Requests)]
    public async Task RecordAsync()
    {
        for (var count = 0; count < Requests; count++)
        {
            await _request!.RunAsync();
        }

        while (_request!.Log.RecordsWaiting > 0)
        {
            Thread.Sleep(0);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _request?.Dispose();
        _keys.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
