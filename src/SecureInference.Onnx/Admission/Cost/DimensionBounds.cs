using System.Text;
using SecureInference.Onnx.Admission.Reading;
using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Cost;

/// <summary>How large the inputs of a run may be: what the file fixes, and where it does not, what the model's options let in.</summary>
/// <param name="Rows">The size of a first dimension that varies.</param>
/// <param name="Elements">The most elements of an input of which other dimensions vary.</param>
/// <param name="TextBytes">The most bytes of an input of strings.</param>
internal sealed record DimensionBounds(int Rows, long Elements, long TextBytes)
{
    private const int MostRank = 64;

    private readonly Dictionary<string, long> _symbols = new(StringComparer.Ordinal);

    /// <summary>Makes the bounds of two runs: one of many rows, and one of a single row that is as long as can be.</summary>
    public static DimensionBounds[] Of(ModelOptions options)
    {
        var rows = options.MaxBatchSize ?? ModelOptions.DefaultMaxRows;
        // Rows of several requests, each as large as one may be, share a run only where the option says so.
        var elements = options.MaxBatchSize > 1 ? (long)options.MaxTensorElements * rows : options.MaxTensorElements;
        return rows > 1
            ? [new DimensionBounds(rows, elements, options.MaxBytesLength), new DimensionBounds(1, options.MaxTensorElements, options.MaxBytesLength)]
            : [new DimensionBounds(1, options.MaxTensorElements, options.MaxBytesLength)];
    }

    /// <summary>Finds the size of each named dimension: the least that any input leaves it.</summary>
    public void Learn(in GraphView graph)
    {
        foreach (var input in graph.Inputs)
        {
            if (TryGetTensorType(graph.File, input, out var type) && Fields.TryGet(graph.File, type, 2, out var shape))
            {
                var free = SizeOfFree(graph.File, shape);
                var index = 0;
                foreach (var dimension in new FieldSequence(graph.File, shape, 1))
                {
                    if (index++ > 0 && Fields.Text(graph.File, dimension, 2) is { IsEmpty: false } name)
                    {
                        var symbol = Encoding.UTF8.GetString(name);
                        _symbols[symbol] = Math.Min(_symbols.GetValueOrDefault(symbol, long.MaxValue), free);
                    }
                }
            }
        }
    }

    /// <summary>Returns the largest shape of an input, and its type.</summary>
    public (ElementKind Kind, long[]? Shape, long Elements) Of(ReadOnlySpan<byte> file, Slice input)
    {
        if (!TryGetTensorType(file, input, out var type))
        {
            return (ElementKind.Float, null, Elements);
        }

        var kind = (ElementKind)Math.Clamp(Fields.Number(file, type, 1) ?? 1, 0, 64);
        if (!Fields.TryGet(file, type, 2, out var message))
        {
            return (kind, null, Elements);
        }

        var free = SizeOfFree(file, message);
        var shape = new List<long>();
        foreach (var dimension in new FieldSequence(file, message, 1))
        {
            if (shape.Count == MostRank)
            {
                return (kind, null, Elements);
            }

            shape.Add(SizeOf(file, dimension, shape.Count == 0, free));
        }

        return (kind, [.. shape], ValueFact.Count([.. shape]));
    }

    private static bool TryGetTensorType(ReadOnlySpan<byte> file, Slice input, out Slice type)
    {
        type = default;
        return Fields.TryGet(file, input, 2, out var outer) && Fields.TryGet(file, outer, 1, out type);
    }

    private long SizeOf(ReadOnlySpan<byte> file, Slice dimension, bool isFirst, long free) =>
        Fields.Number(file, dimension, 1) is > 0 and var size ? size
        : isFirst ? Rows
        : Math.Min(free, _symbols.GetValueOrDefault(Encoding.UTF8.GetString(Fields.Text(file, dimension, 2)), free));

    /// <summary>Returns how large each dimension that varies may be where all are alike.</summary>
    private long SizeOfFree(ReadOnlySpan<byte> file, Slice shape)
    {
        var (known, free, index) = ((double)1, 0, 0);
        foreach (var dimension in new FieldSequence(file, shape, 1))
        {
            var size = Fields.Number(file, dimension, 1) ?? 0;
            known *= size > 0 ? size : index == 0 ? Rows : 1;
            free += size > 0 || index == 0 ? 0 : 1;
            index++;
        }

        return free == 0 ? 1 : (long)Math.Max(1, Math.Floor(Math.Pow(Elements / known, 1d / free) + 1e-9));
    }
}
