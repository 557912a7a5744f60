using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>E: functions end, do not multiply, and hide no operator of the standard.</summary>
internal sealed class FunctionCheck(ScanSubject subject, FunctionTable functions)
{
    private const int Unknown = 0;
    private const int Entered = -1;

    // Where the depth of a function is known, the number of its nodes, expanded, is too.
    private readonly int[] _depths = new int[functions.Count];
    private readonly long[] _sizes = new long[functions.Count];

    public void Run()
    {
        for (var index = 0; index < functions.Count && !subject.Report.IsOver; index++)
        {
            CheckName(index);
            if (!subject.Report.IsOver)
            {
                Visit(index, 1);
            }
        }

        if (!subject.Report.IsOver && functions.Count > 0 && Fields.TryGet(subject.Bytes, subject.Model, 7, out var graph))
        {
            var (_, size) = Measure(new GraphView(subject.Bytes, graph, GraphPlace.Main), 0);
            CheckSize(size, GraphPlace.Main.Path);
        }
    }

    private void CheckName(int index)
    {
        var domain = functions.DomainOf(index);
        var name = functions.NameOf(index);
        if (StandardOperators.IsStandardDomain(domain) && StandardOperators.Contains(domain, name))
        {
            subject.Report.Add(AdmissionRules.FunctionName, functions.BodyOf(index).Place.Path, "it has the name of a standard operator");
        }

        // The search finds the newest of the same name.
        if (functions.Find(domain, name, functions.OverloadOf(index)) != index)
        {
            subject.Report.Add(AdmissionRules.FunctionName, functions.BodyOf(index).Place.Path, "it is defined twice");
        }
    }

    private void Visit(int index, int level)
    {
        subject.CancellationToken.ThrowIfCancellationRequested();
        var body = functions.BodyOf(index);
        if (_depths[index] == Entered)
        {
            subject.Report.End(AdmissionRules.FunctionCycle, body.Place.Path, "it calls itself, at once or through others");
        }
        else if (_depths[index] == Unknown)
        {
            if (level > subject.Limits.MaxFunctionDepth)
            {
                RefuseDepth(body.Place.Path);
                return;
            }

            _depths[index] = Entered;
            var (depth, size) = Measure(body, level);
            (_depths[index], _sizes[index]) = (depth + 1, size);
            CheckSize(size, body.Place.Path);
            if (_depths[index] > subject.Limits.MaxFunctionDepth)
            {
                RefuseDepth(body.Place.Path);
            }
        }
    }

    private (int Depth, long Size) Measure(in GraphView graph, int level)
    {
        var (depth, size) = (0, 0L);
        foreach (var message in graph.Nodes)
        {
            if (subject.Report.IsOver)
            {
                break;
            }

            var node = new NodeView(graph.File, message, graph.Place, 0);
            size = Saturate(size, 1);
            if (functions.Find(node) is >= 0 and var called)
            {
                Visit(called, level + 1);
                depth = Math.Max(depth, _depths[called]);
                size = Saturate(size, _sizes[called]);
            }

            foreach (var inner in new SubgraphSequence(node))
            {
                var (innerDepth, innerSize) = Measure(new GraphView(graph.File, inner, graph.Place), level);
                (depth, size) = (Math.Max(depth, innerDepth), Saturate(size, innerSize));
            }
        }

        return (depth, size);
    }

    private void CheckSize(long size, string place)
    {
        if (size > subject.Limits.MaxNodes && !subject.Report.IsOver)
        {
            subject.Report.End(AdmissionRules.FunctionSize, place, $"it has {size} nodes once functions are expanded, more than {subject.Limits.MaxNodes}");
        }
    }

    private void RefuseDepth(string place)
    {
        if (!subject.Report.IsOver)
        {
            subject.Report.End(AdmissionRules.FunctionDepth, place, $"functions call each other deeper than {subject.Limits.MaxFunctionDepth}");
        }
    }

    private static long Saturate(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
