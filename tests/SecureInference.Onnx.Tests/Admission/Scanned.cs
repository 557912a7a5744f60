using System.Diagnostics;
using SecureInference.Onnx.Admission;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Scans files for tests.</summary>
internal static class Scanned
{
    public static ScanResult Of(
        ReadOnlyMemory<byte> file,
        IReadOnlyDictionary<string, byte[]>? files = null,
        Action<ModelOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        var options = new ModelOptions();
        configure?.Invoke(options);
        return ModelScan.Run(file, files?.ToDictionary(static other => other.Key, static other => other.Value.LongLength), options, mostOfOneRule: 3, cancellationToken);
    }

    /// <summary>Scans a file on this thread, and counts what is allocated meanwhile.</summary>
    public static (ScanResult Scan, long Allocated, TimeSpan Elapsed) Measure(ReadOnlyMemory<byte> file, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var scan = Of(file, files);
        return (scan, GC.GetAllocatedBytesForCurrentThread() - before, clock.Elapsed);
    }

    public static string Describe(this ScanResult scan) => string.Join(Environment.NewLine, scan.Report.Findings);
}
