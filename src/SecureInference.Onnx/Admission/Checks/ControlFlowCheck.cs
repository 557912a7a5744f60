using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>D and J2: control flow, which is refused or bounded.</summary>
internal sealed class ControlFlowCheck(ScanSubject subject) : IFileCheck
{
    private readonly ConstantValues _constants = new(subject);

    public void Check(in NodeView node)
    {
        if (!node.IsStandard)
        {
            return;
        }

        var isLoop = node.OperatorType.SequenceEqual("Loop"u8);
        var isIf = node.OperatorType.SequenceEqual("If"u8);
        if (!isLoop && !isIf && !node.OperatorType.SequenceEqual("Scan"u8) && !node.OperatorType.SequenceEqual("SequenceMap"u8))
        {
            return;
        }

        if (subject.Report.Wants(AdmissionRules.ControlFlow))
        {
            subject.Report.Add(AdmissionRules.ControlFlow, node.Place, "it is control flow");
        }

        if (node.Graph.Depth >= subject.Limits.MaxControlFlowDepth)
        {
            subject.Report.Add(AdmissionRules.ControlFlowDepth, node.Place, $"control flow is nested deeper than {subject.Limits.MaxControlFlowDepth}");
        }

        if (isLoop)
        {
            CheckRounds(node);
        }
        else if (isIf && IsKeyedOnInput(node))
        {
            subject.Report.Add(AdmissionRules.Backdoor, node.Place, "its condition is a comparison with a constant");
        }
    }

    private void CheckRounds(in NodeView node)
    {
        // Inner graphs and functions have names of their own, which may be those of other constants of the main graph.
        var rounds = ReferenceEquals(node.Graph, GraphPlace.Main) && _constants.FindFirstInput(node) is [var only] ? only : -1;
        if (rounds < 0)
        {
            subject.Report.Add(AdmissionRules.UnboundedLoop, node.Place, "its number of rounds is no constant of the main graph");
        }
        else if (rounds > subject.Limits.MaxLoopRounds)
        {
            subject.Report.Add(AdmissionRules.UnboundedLoop, node.Place, $"it has {rounds:0} rounds, more than {subject.Limits.MaxLoopRounds}");
        }
    }

    private bool IsKeyedOnInput(in NodeView node)
    {
        foreach (var condition in node.Inputs)
        {
            var maker = _constants.FindMaker(condition.Of(node.File));
            return maker.Length > 0 && (new NodeView(node.File, maker, node.Graph, 0) is var made) && (made.Is("Equal"u8) || made.Is("ReduceMin"u8));
        }

        return false;
    }
}
