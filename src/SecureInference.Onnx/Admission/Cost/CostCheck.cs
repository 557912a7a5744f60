using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>H: what the largest run takes, estimated before anything is run.</summary>
internal sealed class CostCheck(ScanSubject subject, FunctionTable functions, StructureCounts counts)
{
    /// <summary>Trying smaller runs only makes the message better: not for graphs that take long to walk, with their functions expanded.</summary>
    private const int MostNodesToTry = 20_000;

    private const int LeastElements = 1_024;

    private readonly ScopedNames<ValueFact> _names = new(Math.Min(counts.Values + counts.Initializers, subject.File.Length / 8));
    private readonly LastUses _uses = LastUses.Of(subject, counts);
    private int _visited;

    public RunCost Run()
    {
        RunCost? largest = null;
        var isSilent = false;
        foreach (var bounds in DimensionBounds.Of(subject.Options))
        {
            var cost = Estimate(bounds, isSilent);
            largest = largest is null ? cost : Larger(largest, cost);
            isSilent = true;
        }

        var total = largest ?? new RunCost(0, "graph", 0, 1);
        if (!subject.Report.IsOver)
        {
            Judge(total);
        }

        return total;
    }

    private RunCost Estimate(DimensionBounds bounds, bool isSilent)
    {
        var inference = new Inference(subject, functions, _names, _uses, bounds, new CostLimits(subject, isSilent));
        var cost = inference.Run();
        _visited = Math.Max(_visited, inference.Visited);
        return cost;
    }

    private void Judge(RunCost cost)
    {
        if (cost.PeakBytes > subject.Limits.MaxRunBytes)
        {
            subject.Report.Add(AdmissionRules.RunMemory, cost.PeakPlace, $"a run may take {cost.PeakBytes} bytes, more than {subject.Limits.MaxRunBytes}{Fitting()}");
        }

        if (cost.Flops > subject.Limits.MaxRunFlops)
        {
            subject.Report.Add(AdmissionRules.RunFlops, "graph", $"a run may take {cost.Flops:0} operations, more than {subject.Limits.MaxRunFlops}{Fitting()}");
        }
    }

    /// <summary>Says with which options the model would fit, where smaller requests are enough.</summary>
    private string Fitting()
    {
        for (long elements = subject.Options.MaxTensorElements / 2; elements >= LeastElements && _visited <= MostNodesToTry; elements /= 2)
        {
            if (Fits(elements, subject.Options.MaxBatchSize ?? ModelOptions.DefaultMaxRows) && Fits(elements, 1))
            {
                return $"; with MaxTensorElements at {elements} it fits";
            }
        }

        return _visited <= MostNodesToTry && Fits(LeastElements, 1) ? $"; with MaxBatchSize at 1 and MaxTensorElements at {LeastElements} it fits" : "";
    }

    private bool Fits(long elements, int rows)
    {
        var cost = Estimate(new DimensionBounds(rows, subject.Options.MaxBatchSize > 1 ? elements * rows : elements, subject.Options.MaxBytesLength), isSilent: true);
        return cost.PeakBytes <= subject.Limits.MaxRunBytes && cost.Flops <= subject.Limits.MaxRunFlops;
    }

    private static RunCost Larger(RunCost one, RunCost other)
    {
        var peak = one.PeakBytes >= other.PeakBytes ? one : other;
        return peak with { Flops = Math.Max(one.Flops, other.Flops) };
    }
}
