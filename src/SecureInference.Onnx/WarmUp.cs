using System.Diagnostics;

namespace SecureInference.Onnx;

/// <summary>Runs a model before its first request: to make it ready, to time it, and to see whether it may run in a lane's memory.</summary>
internal sealed class WarmUp(Lane lane, ModelMetadata metadata, BoundLayout? layout, RunPlan plan, CancellationToken cancellationToken)
{
    /// <summary>A model whose first run takes longer gains nothing by what could be learned.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>A start must end, also where each size takes long.</summary>
    private static readonly TimeSpan PatienceWithSizes = TimeSpan.FromSeconds(30);

    /// <summary>Far enough from one row to see the slope, near enough that no warm-up takes long.</summary>
    private const int MostRows = 256;

    private const int Repetitions = 3;

    /// <summary>Short runs are repeated for longer: what else the machine does at the start must not make them look long for good.</summary>
    private static readonly TimeSpan Measuring = TimeSpan.FromMilliseconds(10);

    /// <summary>A longer run is handed to a lane's thread whatever its rows.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    /// <exception cref="Microsoft.ML.OnnxRuntime.OnnxRuntimeException">The model cannot run on the sample.</exception>
    public void Run()
    {
        var first = Time(1, boundRows: 0);
        if (layout is null || first > Patience)
        {
            return;
        }

        plan.Learn(layout, RunEstimate.Unknown);
        if (!IsSameBound(1) || (layout.MaxRows > 1 && !IsSameBound(2)))
        {
            plan.GiveUpBinding();
            return;
        }

        plan.Learn(layout, Measure(layout));
    }

    /// <summary>Runs the numbers of rows that shared runs come in, roughly: a GPU chooses algorithms and takes memory at the first run of a size.</summary>
    /// <exception cref="Microsoft.ML.OnnxRuntime.OnnxRuntimeException">The model cannot run on the sample.</exception>
    public void RunSizes(int maxRows)
    {
        var start = Stopwatch.GetTimestamp();
        for (var rows = 2L; rows <= maxRows && metadata.Inputs.All(static input => input.HasRows) && Stopwatch.GetElapsedTime(start) < PatienceWithSizes; rows *= 2)
        {
            Time((int)rows, boundRows: 0);
        }
    }

    private RunEstimate Measure(BoundLayout bound)
    {
        var one = TimeBest(1);
        var rows = Math.Min(bound.MaxRows, MostRows);
        return one <= Short && rows > 1 ? new RunEstimate(one, TimeBest(rows), rows) : new RunEstimate(one, one, 1);
    }

    // Also where an output is none of the run's own making: ONNX Runtime leaves the memory bound to it alone.
    private bool IsSameBound(int rows)
    {
        using var request = SampleRequest.Create(metadata, rows);
        using var unbound = lane.Run(request, 0, cancellationToken);
        lane.Bound?.PoisonOutputs(rows);
        using var bound = lane.Run(request, rows, cancellationToken);
        // A run that failed bound has been repeated unbound, and the plan knows.
        return plan.GetBoundRows(request) == rows && unbound.Outputs.Zip(bound.Outputs).All(static pair => IsSame(pair.First, pair.Second));
    }

    private static bool IsSame(Tensor one, Tensor other) =>
        one.Shape.SequenceEqual(other.Shape) && one.DataType == other.DataType && one.Data.Span.SequenceEqual(other.Data.Span);

    private TimeSpan TimeBest(int rows)
    {
        var best = TimeSpan.MaxValue;
        var start = Stopwatch.GetTimestamp();
        for (var repetition = 0; repetition < Repetitions || Stopwatch.GetElapsedTime(start) < Measuring; repetition++)
        {
            var time = Time(rows, rows);
            best = time < best ? time : best;
        }

        return best;
    }

    private TimeSpan Time(int rows, int boundRows)
    {
        using var request = SampleRequest.Create(metadata, rows);
        var start = Stopwatch.GetTimestamp();
        using var response = lane.Run(request, boundRows, cancellationToken);
        return Stopwatch.GetElapsedTime(start);
    }
}
