using System.Globalization;
using System.Text;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SecureInference.Results;

namespace SecureInference.Benchmarks.Pieces;

/// <summary>Measures each piece of a request's path by itself, and writes a table and a chart of where the microseconds go.</summary>
internal static class PieceRun
{
    private const double NanosecondsPerMicrosecond = 1000;
    private const string Lane = "model's run, in a lane";

    private static readonly string[] Methods =
    [
        nameof(GuardsBenchmark.Guards), nameof(ProtocolBenchmark.Read), nameof(ProtocolBenchmark.Validate), nameof(ProtocolBenchmark.Answer),
        nameof(AuditRecordBenchmark.TwoRecordsAsync), nameof(BatchingBenchmark.Inline), nameof(BatchingBenchmark.HandedOver), nameof(OnnxBenchmark.Lane),
    ];

    public static int Run(string folder)
    {
        // In this process: a build for each would take longer than all of them.
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance))
            .AddFilter(new SimpleFilter(static benchmark => Array.Exists(Methods, method => method == benchmark.Descriptor.WorkloadMethod.Name)));
        var reports = BenchmarkRunner.Run([typeof(GuardsBenchmark), typeof(ProtocolBenchmark), typeof(AuditRecordBenchmark), typeof(BatchingBenchmark), typeof(OnnxBenchmark)], config)
            .SelectMany(static summary => summary.Reports).Where(static report => report.Success).ToList();
        var pieces = Pieces(reports);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "pieces.md"), Describe(pieces));
        File.WriteAllText(
            Path.Combine(folder, "pieces.svg"),
            BarChart.Draw("A request of 64 floats, piece by piece, each by itself (µs)", [.. pieces.Select(static piece => new Bar(piece.Name, Math.Round(piece.Time, 2), piece.Name != Lane))]));
        return 0;
    }

    private static List<Piece> Pieces(List<BenchmarkReport> reports)
    {
        Piece GuardOf(string name, Guard guard) => Find(reports, name, nameof(GuardsBenchmark.Guards), guard) - Find(reports, name, nameof(GuardsBenchmark.Guards), guard - 1);
        return
        [
            GuardOf("arrival, security headers", Guard.Arrival),
            GuardOf("authentication, API key", Guard.Authentication),
            GuardOf("authorization", Guard.Authorization),
            GuardOf("rate limit, its headers", Guard.RateLimiting),
            Find(reports, "reading JSON", nameof(ProtocolBenchmark.Read), false),
            Find(reports, "reading binary", nameof(ProtocolBenchmark.Read), true),
            Find(reports, "validation", nameof(ProtocolBenchmark.Validate), false),
            Find(reports, "both audit records", nameof(AuditRecordBenchmark.TwoRecordsAsync), 4),
            Find(reports, Lane, nameof(OnnxBenchmark.Lane)),
            Find(reports, "to another thread and back", nameof(BatchingBenchmark.HandedOver), 8) - Find(reports, "", nameof(BatchingBenchmark.Inline), 8),
            Find(reports, "answering JSON", nameof(ProtocolBenchmark.Answer), false),
            Find(reports, "answering binary", nameof(ProtocolBenchmark.Answer), true),
        ];
    }

    private static Piece Find(List<BenchmarkReport> reports, string name, string method, object? parameter = null)
    {
        var found = reports.Find(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method
            && (parameter is null || report.BenchmarkCase.Parameters.Items.Any(item => parameter.Equals(item.Value))))
            ?? throw new InvalidOperationException($"{method} did not run; what it says stands above.");
        return new Piece(name, found.ResultStatistics!.Min / NanosecondsPerMicrosecond, found.GcStats.GetBytesAllocatedPerOperation(found.BenchmarkCase) ?? 0);
    }

    private static string Describe(List<Piece> pieces)
    {
        var text = new StringBuilder();
        text.AppendLine("# A request, piece by piece");
        text.AppendLine();
        text.AppendLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Machine.Describe()}, {TimeProvider.System.GetLocalNow():yyyy-MM-dd}; the best of 7 iterations, since others use the machine too. 64 floats, the digits model, each piece again and again by itself: its code and its data are in the caches."));
        text.AppendLine();
        text.AppendLine("`dotnet run -c Release --project benchmarks/SecureInference.Benchmarks -- pieces FOLDER`");
        text.AppendLine();
        text.AppendLine("| piece | µs | allocated, B |");
        text.AppendLine("| --- | ---: | ---: |");
        foreach (var piece in pieces)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| {piece.Name} | {piece.Time:0.00} | {piece.Bytes} |"));
        }

        return text.ToString();
    }

    private readonly record struct Piece(string Name, double Time, long Bytes)
    {
        public static Piece operator -(Piece one, Piece other) => new(one.Name, Math.Max(one.Time - other.Time, 0), Math.Max(one.Bytes - other.Bytes, 0));
    }
}
