using BenchmarkDotNet.Attributes;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Benchmarks;

/// <summary>What does a record of 256 bytes cost in the tamper-evident log, beside the bare write and sync of the same bytes, and beside a sync alone?</summary>
/// <remarks>Each run is a group of 1,024 records; times and bytes are those of one record. The disk is that of the temporary folder.</remarks>
[MemoryDiagnoser]
public class AuditLogBenchmark
{
    private const int Group = 1024;
    private const int RecordLength = 256;

    private readonly byte[] _record = new byte[RecordLength];
    private readonly byte[] _group = new byte[Group * (RecordLength + 8)];
    private DirectoryInfo _directory = null!;
    private LogKeys _keys = null!;
    private LogStore _synced = null!;
    private LogStore _unsynced = null!;
    private FileStream _file = null!;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("audit-benchmark");
        _keys = new LogKeys(SigningKey.Make());
        _synced = Open("synced", syncsEachCommit: true);
        _unsynced = Open("unsynced", syncsEachCommit: false);
        _file = new FileStream(Path.Combine(_directory.FullName, "bare"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _synced.Dispose();
        _unsynced.Dispose();
        _file.Dispose();
        _keys.Dispose();
        _directory.Delete(recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Group)]
    public void BareWriteAndSync()
    {
        _file.Write(_group);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    [Benchmark(OperationsPerInvoke = Group)]
    public void Batched() => Append(_synced);

    [Benchmark(OperationsPerInvoke = Group)]
    public void None() => Append(_unsynced);

    [Benchmark]
    public void PerRequest()
    {
        _synced.Append(_record);
        _synced.Commit();
    }

    [Benchmark]
    public void BareSync()
    {
        _file.Write(_record);
        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    private void Append(LogStore store)
    {
        for (var count = 0; count < Group; count++)
        {
            store.Append(_record);
        }

        store.Commit();
    }

    private LogStore Open(string name, bool syncsEachCommit) => LogStore.Open(
        DiskFolder.Make(Path.Combine(_directory.FullName, name)),
        new LogSettings { SyncsEachCommit = syncsEachCommit, KeepSegments = 4 },
        _keys,
        TimeProvider.System);
}
