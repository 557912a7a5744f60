using System.Globalization;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Summary;

/// <summary>Reads what a person wants to know of a file that is sound.</summary>
internal sealed class SummaryReader(ReadOnlyMemory<byte> file)
{
    /// <summary>More kinds of operators than the standard has are nobody's reading.</summary>
    private const int MostOperators = 1_000;

    private readonly SortedDictionary<string, int> _operators = new(StringComparer.Ordinal);
    private int _nodes;
    private long _parameters;
    private long _bytes;

    public ModelSummary Read()
    {
        var bytes = file.Span;
        var model = new Slice(0, bytes.Length);
        var graph = new GraphView(bytes, Fields.TryGet(bytes, model, 7, out var message) ? message : default, GraphPlace.Main);
        Count(graph);
        foreach (var function in new FieldSequence(bytes, model, 25))
        {
            Count(new GraphView(bytes, function, GraphPlace.Main, isFunction: true));
        }

        return new ModelSummary
        {
            FormatVersion = Fields.Number(bytes, model, 1) ?? 0,
            Producer = $"{Quoted.Plain(Fields.Text(bytes, model, 2))} {Quoted.Plain(Fields.Text(bytes, model, 3))}".Trim(),
            Inputs = ReadValues(graph, graph.Inputs),
            Outputs = ReadValues(graph, graph.Outputs),
            OperatorSets = ReadOperatorSets(bytes, model),
            Operators = _operators,
            Nodes = _nodes,
            Functions = new FieldSequence(bytes, model, 25).Count(),
            Parameters = _parameters,
            ParameterBytes = _bytes,
        };
    }

    private void Count(in GraphView graph)
    {
        foreach (var message in graph.Initializers)
        {
            Count(new TensorView(graph.File, message));
        }

        foreach (var message in graph.Nodes)
        {
            var node = new NodeView(graph.File, message, graph.Place, 0);
            var name = node.IsStandard ? Quoted.Plain(node.OperatorType) : $"{Quoted.Plain(node.Domain)}:{Quoted.Plain(node.OperatorType)}";
            _nodes++;
            // Some exporters write their weights so.
            if (node.Is("Constant"u8) && node.TryGetTensor("value"u8, out var value))
            {
                Count(value);
            }

            if (_operators.Count < MostOperators || _operators.ContainsKey(name))
            {
                _operators[name] = _operators.GetValueOrDefault(name) + 1;
            }

            foreach (var inner in new SubgraphSequence(node))
            {
                Count(new GraphView(graph.File, inner, graph.Place));
            }
        }
    }

    private void Count(in TensorView tensor)
    {
        var elements = Cost.ValueFact.Count(tensor.GetShape(64) ?? []);
        _parameters += elements;
        _bytes += tensor.ElementKind.BytesOf(elements);
    }

    private static SortedDictionary<string, long> ReadOperatorSets(ReadOnlySpan<byte> bytes, Slice model)
    {
        var sets = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var set in new FieldSequence(bytes, model, 8))
        {
            var domain = Quoted.Plain(Fields.Text(bytes, set, 1));
            sets[domain.Length == 0 ? "ai.onnx" : domain] = Fields.Number(bytes, set, 2) ?? 0;
        }

        return sets;
    }

    private static List<SummaryValue> ReadValues(in GraphView graph, FieldSequence values)
    {
        var read = new List<SummaryValue>();
        foreach (var value in values)
        {
            var name = Quoted.Plain(Fields.Text(graph.File, value, 1));
            read.Add(Fields.TryGet(graph.File, value, 2, out var type) && Fields.TryGet(graph.File, type, 1, out var tensor)
                ? new SummaryValue(name, ((ElementKind)Math.Clamp(Fields.Number(graph.File, tensor, 1) ?? 0, 0, 64)).ToString(), ReadShape(graph.File, tensor))
                : new SummaryValue(name, "not a tensor", []));
        }

        return read;
    }

    private static List<string> ReadShape(ReadOnlySpan<byte> bytes, Slice tensor)
    {
        var dimensions = new List<string>();
        if (Fields.TryGet(bytes, tensor, 2, out var shape))
        {
            foreach (var dimension in new FieldSequence(bytes, shape, 1))
            {
                dimensions.Add(Fields.Number(bytes, dimension, 1) is { } size ? size.ToString(CultureInfo.InvariantCulture)
                    : Fields.Text(bytes, dimension, 2) is { IsEmpty: false } symbol ? Quoted.Plain(symbol)
                    : "?");
            }
        }

        return dimensions;
    }
}
