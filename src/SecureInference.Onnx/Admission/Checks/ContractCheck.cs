using System.Text;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>I3 to I5: the model takes and gives what its operator has written down.</summary>
internal sealed class ContractCheck(ScanSubject subject)
{
    private readonly ScopedNames<bool> _defaults = new(0);

    public void Run()
    {
        if (subject.Options.Contract is not { } contract || !Fields.TryGet(subject.Bytes, subject.Model, 7, out var message))
        {
            return;
        }

        var graph = new GraphView(subject.Bytes, message, GraphPlace.Main);
        foreach (var tensor in graph.Initializers)
        {
            if (Fields.TryGet(graph.File, tensor, 8, out var name))
            {
                _defaults.Add(graph.File, name, value: true);
            }
        }

        Check(graph, graph.Inputs, contract.Inputs, "input");
        Check(graph, graph.Outputs, contract.Outputs, "output");
    }

    private void Check(in GraphView graph, FieldSequence values, IDictionary<string, TensorContractOptions> wanted, string role)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var missing = new HashSet<string>(wanted.Keys, StringComparer.Ordinal);
        foreach (var value in values)
        {
            var name = graph.NameOf(value).Of(graph.File);
            if (wanted.TryGetValue(Encoding.UTF8.GetString(name), out var tensor))
            {
                missing.Remove(Encoding.UTF8.GetString(name));
                Check(graph.File, value, tensor, $"{role} {Quoted.Name(name)}");
            }
            // Old files list their weights among the inputs too: nobody has to give those.
            else if (!(role == "input" && _defaults.Find(graph.File, name) >= 0) && subject.Report.Wants(AdmissionRules.ContractNames))
            {
                subject.Report.Add(AdmissionRules.ContractNames, "graph", $"the {role} {Quoted.Name(name)} is not in the contract, which has {string.Join(", ", wanted.Keys)}");
            }
        }

        foreach (var name in missing)
        {
            subject.Report.Add(AdmissionRules.ContractNames, "graph", $"the contract's {role} '{name}' is not in the model");
        }
    }

    private void Check(ReadOnlySpan<byte> file, Slice value, TensorContractOptions wanted, string who)
    {
        if (!Fields.TryGet(file, value, 2, out var type) || !Fields.TryGet(file, type, 1, out var tensor))
        {
            subject.Report.Add(AdmissionRules.ContractType, "graph", $"the {who} is no tensor");
            return;
        }

        var kind = ((ElementKind)Math.Clamp(Fields.Number(file, tensor, 1) ?? 0, 0, 64)).ToProtocol()?.ToProtocolName() ?? "elements of another type";
        if (wanted.DataType is not null && wanted.DataType != kind)
        {
            subject.Report.Add(AdmissionRules.ContractType, "graph", $"the {who} holds {kind}, and the contract says {wanted.DataType}");
        }

        if (wanted.Shape is not null || wanted.MaxShape is not null)
        {
            var shape = ReadShape(file, tensor);
            RequireShape(shape, wanted.Shape, static (size, exact) => size == exact, $"the {who} {Describe(shape)}, and the contract's Shape is");
            RequireShape(shape, wanted.MaxShape, static (size, most) => size >= 0 && size <= most, $"the {who} {Describe(shape)}, and the contract's MaxShape is");
        }
    }

    private void RequireShape(List<long>? shape, IList<long>? wanted, Func<long, long, bool> fits, string what)
    {
        if (wanted is not null && !(shape?.Count == wanted.Count && !wanted.Where((size, axis) => size >= 0 && !fits(shape[axis], size)).Any()))
        {
            subject.Report.Add(AdmissionRules.ContractShape, "graph", $"{what} [{string.Join(", ", wanted)}]");
        }
    }

    private static string Describe(List<long>? shape) => shape is null ? "has no shape" : $"has the shape [{string.Join(", ", shape)}], -1 where it varies";

    private static List<long>? ReadShape(ReadOnlySpan<byte> file, Slice tensor)
    {
        if (!Fields.TryGet(file, tensor, 2, out var message))
        {
            return null;
        }

        var shape = new List<long>();
        foreach (var dimension in new FieldSequence(file, message, 1))
        {
            // No contract has more, and what is longer does not fit it anyhow.
            if (shape.Count > 64)
            {
                break;
            }

            shape.Add(Fields.Number(file, dimension, 1) is >= 0 and var size ? size : -1);
        }

        return shape;
    }
}
