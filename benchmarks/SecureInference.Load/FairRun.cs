using System.Globalization;
using SecureInference.TestSupport;

namespace SecureInference.Load;

/// <summary>Measures a caller who keeps some connections busy, alone and beside one who keeps ten times as many.</summary>
internal sealed class FairRun(LoadArguments arguments, Net net, CancellationToken cancellationToken)
{
    private const int Greed = 10;
    private const int MostPolite = 90;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private readonly int _polite = Math.Clamp(arguments.Connections / 4, 1, MostPolite);

    public FairReport Measure()
    {
        using var folder = new TestFolder();
        var model = folder.File("net.onnx");
        net.Write(model);
        Directory.CreateDirectory(folder.File("served"));
        using var server = new Child("serve", model, folder.File("served"), LoadRun.MaxBatchSize);
        Round(server.Greeting, WarmUp, new FairReport(net.Name, _polite, _polite * Greed));
        var report = new FairReport(net.Name, _polite, _polite * Greed);
        for (var round = 1; round <= arguments.Rounds; round++)
        {
            Round(server.Greeting, TimeSpan.FromSeconds(arguments.Seconds), report);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{net.Name}: round {round} of {arguments.Rounds}"));
        }

        return report;
    }

    private void Round(string server, TimeSpan time, FairReport report)
    {
        using var polite = new LoadClient(server, net.Inputs, _polite, caller: 1);
        report.Alone.Add(polite.Run(time, cancellationToken));

        using var greedy = new LoadClient(server, net.Inputs, _polite * Greed);
        var greed = Task.Factory.StartNew(() => greedy.Run(time, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        report.Beside.Add(polite.Run(time, cancellationToken));
        report.Greed.Add(greed.GetAwaiter().GetResult());
    }
}
