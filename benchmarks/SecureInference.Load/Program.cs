using System.Runtime.InteropServices;
using SecureInference.Load;
using SecureInference.Load.Peers;

// dotnet run -c Release --project benchmarks/SecureInference.Load -- [--connections 64] [--rounds 5] [--seconds 2] [--net small|medium|large|all] [--fair] [--json]
//   or --path [--rounds 20] [--seconds 1] [--peer NAME] [--out FOLDER], or --tables FOLDER, which makes the tables and charts of a run again.
// The first three are what the program starts of itself.
switch (args)
{
    case ["serve", var model, var folder, .. var maxBatchSize]:
        return await Server.RunAsync(model, folder, maxBatchSize is [var size] ? size : null);
    case ["bare", var model]:
        return BareRuns.Answer(model);
    case ["peer", var name, var folder]:
        return await PeerServer.RunAsync(PeerSetup.All.First(setup => setup.Name == name), folder);
    case ["--tables", var results]:
        PeerReport.WriteTables(results);
        return 0;
}

if (LoadArguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(LoadArguments.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    if (arguments.IsPath)
    {
        var results = new PeerRun(arguments, stop.Token).Measure();
        PeerReport.Write(results, arguments.Folder);
        return results.Rows.All(static row => row.Failed == 0) ? 0 : 1;
    }

    if (arguments.IsFair)
    {
        var fair = arguments.Nets.Select(net => new FairRun(arguments, net, stop.Token).Measure()).ToList();
        Console.WriteLine(arguments.IsJson ? Report.ToJson(fair) : Report.ToTable(fair));
        return fair.TrueForAll(static report => report.Failed == 0) ? 0 : 1;
    }

    var reports = new List<NetReport>();
    foreach (var net in arguments.Nets)
    {
        reports.Add(new LoadRun(arguments, net, stop.Token).Measure());
    }

    Console.WriteLine(arguments.IsJson ? Report.ToJson(reports) : Report.ToTables(reports));
    return reports.TrueForAll(static report => report.Failed == 0) ? 0 : 1;
}
catch (Exception) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    // So that what was started is ended, and folders go away.
    signal.Cancel = true;
    stop.Cancel();
}
