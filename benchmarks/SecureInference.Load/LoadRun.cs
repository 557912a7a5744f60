using System.Globalization;
using SecureInference.TestSupport;

namespace SecureInference.Load;

/// <summary>Measures one net: every process stays up, one at a time is under load, and rounds take turns so that what else the machine does strikes all alike.</summary>
internal sealed class LoadRun(LoadArguments arguments, Net net, CancellationToken cancellationToken)
{
    /// <summary>The rows of a bare run; the best is taken.</summary>
    private static readonly int[] BareRows = [1, 8, 16, 32, 64];

    /// <summary>The rows of a run where batching is on.</summary>
    public const string MaxBatchSize = "64";

    /// <summary>Long enough for code to be compiled again by what it has been seen to do.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private readonly TimeSpan _time = TimeSpan.FromSeconds(arguments.Seconds);
    private readonly int[] _connections = [.. new[] { 1, arguments.Connections }.Distinct()];

    public NetReport Measure()
    {
        using var folder = new TestFolder();
        var model = folder.File("net.onnx");
        net.Write(model);
        Say("starting");
        using var bare = new Child("bare", model);
        using var off = new LoadedServer(model, folder.File("off"), net);
        using var on = new LoadedServer(model, folder.File("on"), net, MaxBatchSize);
        Round(bare, off, on, WarmUp, new NetReport(net, _connections), new Quiet(cancellationToken));
        var (report, quiet) = (new NetReport(net, _connections), new Quiet(cancellationToken));
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            Round(bare, off, on, _time, report, quiet);
            Say($"round {round} of {arguments.Rounds}");
        }

        report.Others.AddRange(quiet.Others);
        return report;
    }

    private void Round(Child bare, LoadedServer off, LoadedServer on, TimeSpan time, NetReport report, Quiet quiet)
    {
        foreach (var rows in BareRows)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{rows} {time.TotalSeconds / 2}");
            var rate = quiet.Run(() => bare.Ask(line), () => bare.ProcessorTime);
            report.AddBare(rows, double.Parse(rate, CultureInfo.InvariantCulture));
        }

        foreach (var level in report.Levels)
        {
            foreach (var (server, slices) in new[] { (off, level.Off), (on, level.On) })
            {
                slices.Add(quiet.Run(() => server.Run(level.Connections, time, cancellationToken), () => server.ProcessorTime + Environment.CpuUsage.TotalTime));
            }
        }
    }

    // Progress is not the result: that alone is written to the output.
    private void Say(string what) => Console.Error.WriteLine($"{net.Name}: {what}");
}
