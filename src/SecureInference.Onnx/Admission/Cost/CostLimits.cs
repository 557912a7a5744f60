using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>H1 to H3: judges each node by what it makes of what it is given.</summary>
internal sealed class CostLimits(ScanSubject subject, bool isSilent)
{
    /// <summary>Weights that are stored small are made larger while a model loads: eight times is one byte made a double.</summary>
    private const int GrowthOfWeights = 8;

    private readonly long _held = subject.File.Length + subject.Others.Values.Sum();
    private long _inputs;
    private long _constants;

    public void AddInput(long bytes) => _inputs = AddUp(_inputs, bytes);

    public void Check(in NodeView node, CallCost cost, List<ValueFact?> inputs, List<ValueFact> outputs)
    {
        if (isSilent)
        {
            return;
        }

        if (cost.IsUnbounded && subject.Report.Wants(AdmissionRules.Unbounded))
        {
            subject.Report.Add(AdmissionRules.Unbounded, node.Place, "nothing in the file settles how much it makes");
        }

        foreach (var output in outputs)
        {
            var bytes = output.Bytes;
            if (output.IsConstant && inputs.TrueForAll(static input => input is null or { IsConstant: true }))
            {
                CheckConstant(node, bytes);
            }
            else if (cost.IsAmplified && bytes > subject.Limits.MaxConstantBytes && bytes / subject.Limits.MaxAmplification > AddUp(_inputs, _held))
            {
                subject.Report.Add(AdmissionRules.Amplification, node.Place, $"it makes {bytes} bytes, more than {subject.Limits.MaxAmplification} times what the request and the file hold");
            }
        }
    }

    private void CheckConstant(in NodeView node, long bytes)
    {
        var most = Math.Max(subject.Limits.MaxConstantBytes, AddUp(0, _held) * GrowthOfWeights);
        var before = _constants;
        _constants = AddUp(_constants, bytes);
        if (_constants > most && before <= most)
        {
            subject.Report.Add(AdmissionRules.ConstantSize, node.Place, $"constants make {_constants} bytes up to here, more than {most}");
        }
    }

    private static long AddUp(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
