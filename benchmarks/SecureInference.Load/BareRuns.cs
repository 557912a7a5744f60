using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Load;

/// <summary>ONNX Runtime and nothing else: as many loops as there are processors, each running memory that is bound once. A process of its own, which ends with its input.</summary>
internal sealed class BareRuns : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Dictionary<int, BareLane[]> _lanes = [];

    private BareRuns(string model)
    {
        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
        };
        _session = new InferenceSession(model, settings);
    }

    /// <summary>Answers each line of the input, rows of a batch and seconds, with the rows per second that ran.</summary>
    public static int Answer(string model)
    {
        using var runs = new BareRuns(model);
        Console.WriteLine("ready");
        while (Console.ReadLine()?.Split(' ') is [var rows, var seconds])
        {
            var rate = runs.Measure(int.Parse(rows, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
            Console.WriteLine(rate.ToString("R", CultureInfo.InvariantCulture));
        }

        return 0;
    }

    public void Dispose()
    {
        foreach (var lane in _lanes.Values.SelectMany(static lanes => lanes))
        {
            lane.Dispose();
        }

        _session.Dispose();
    }

    private double Measure(int rows, TimeSpan time)
    {
        if (!_lanes.TryGetValue(rows, out var lanes))
        {
            lanes = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new BareLane(_session, rows))];
            _lanes.Add(rows, lanes);
        }

        var rates = new double[lanes.Length];
        var threads = lanes.Select((lane, index) => new Thread(() => rates[index] = Loop(lane, rows, time))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return rates.Sum();
    }

    private static double Loop(BareLane lane, int rows, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        for (var runs = 1; ; runs++)
        {
            lane.Run();
            if (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed >= time)
            {
                return runs * rows / elapsed.TotalSeconds;
            }
        }
    }
}
