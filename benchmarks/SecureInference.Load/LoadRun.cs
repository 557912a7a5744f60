using System.Globalization;
using SecureInference.TestSupport;

namespace SecureInference.Load;

/// <summary>Measures one net: every process stays up, one at a time is under load, and rounds take turns so that what else the machine does strikes all alike.</summary>
internal sealed class LoadRun(LoadArguments arguments, Net net, CancellationToken cancellationToken)
{
    /// <summary>The rows of a bare run; the best is taken.</summary>
    private static readonly int[] BareRows = [1, 8, 16, 32, 64];

    private const string MaxBatchSize = "64";

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
        using var off = new LoadedServer(model, folder.File("off"), net, _connections);
        using var on = new LoadedServer(model, folder.File("on"), net, _connections, MaxBatchSize);
        var report = new NetReport(net, [.. _connections.Select(static count => new LevelReport(count))]);
        Round(bare, off, on, WarmUp, new NetReport(net, report.Levels.Select(static level => new LevelReport(level.Connections)).ToList()));
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            Round(bare, off, on, _time, report);
            Say($"round {round} of {arguments.Rounds}");
        }

        return report;
    }

    private void Round(Child bare, LoadedServer off, LoadedServer on, TimeSpan time, NetReport report)
    {
        foreach (var rows in BareRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rate = bare.Ask(string.Create(CultureInfo.InvariantCulture, $"{rows} {time.TotalSeconds / 2}"));
            report.AddBare(rows, double.Parse(rate, CultureInfo.InvariantCulture));
        }

        foreach (var level in report.Levels)
        {
            level.Off.Add(off.Run(level.Connections, time, cancellationToken));
            level.On.Add(on.Run(level.Connections, time, cancellationToken));
        }
    }

    // Progress is not the result: that alone is written to the output.
    private void Say(string what) => Console.Error.WriteLine($"{net.Name}: {what}");
}
