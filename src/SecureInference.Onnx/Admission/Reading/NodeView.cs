using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>A node, in place.</summary>
internal readonly ref struct NodeView
{
    public NodeView(ReadOnlySpan<byte> file, Slice message, GraphPlace graph, int index)
    {
        File = file;
        Message = message;
        Graph = graph;
        Index = index;
        OperatorType = Fields.Text(file, message, 4);
        Domain = Fields.Text(file, message, 7);
    }

    public ReadOnlySpan<byte> File { get; }

    public Slice Message { get; }

    public GraphPlace Graph { get; }

    public int Index { get; }

    public ReadOnlySpan<byte> OperatorType { get; }

    public ReadOnlySpan<byte> Domain { get; }

    /// <summary>Gets whether the operator is one of the standard's main domain.</summary>
    public bool IsStandard => Domain.IsEmpty || Domain.SequenceEqual("ai.onnx"u8);

    public ReadOnlySpan<byte> Name => Fields.Text(File, Message, 3);

    public FieldSequence Inputs => new(File, Message, 1);

    public FieldSequence Outputs => new(File, Message, 2);

    public FieldSequence Attributes => new(File, Message, 5);

    /// <summary>Gets where it stands, for messages.</summary>
    public string Place
    {
        get
        {
            var name = Name.IsEmpty ? "" : $" {Quoted.Name(Name)}";
            return $"{Graph.Path} / node {Index}{name} ({Quoted.Plain(OperatorType)})";
        }
    }

    public bool Is(ReadOnlySpan<byte> operatorType) => IsStandard && OperatorType.SequenceEqual(operatorType);

    public bool TryGetAttribute(ReadOnlySpan<byte> name, out Slice attribute)
    {
        foreach (var found in Attributes)
        {
            if (Fields.Text(File, found, 1).SequenceEqual(name))
            {
                attribute = found;
                return true;
            }
        }

        attribute = default;
        return false;
    }

    public long GetInteger(ReadOnlySpan<byte> name, long otherwise) =>
        TryGetAttribute(name, out var attribute) ? Fields.Number(File, attribute, 3) ?? otherwise : otherwise;

    public ReadOnlySpan<byte> GetText(ReadOnlySpan<byte> name) => TryGetAttribute(name, out var attribute) ? Fields.Text(File, attribute, 4) : default;

    /// <summary>Reads a list of at most <paramref name="most"/> integers.</summary>
    public long[]? GetIntegers(ReadOnlySpan<byte> name, int most = 64)
    {
        if (!TryGetAttribute(name, out var attribute))
        {
            return null;
        }

        var values = new List<long>();
        foreach (var value in new NumberSequence(File, attribute, 8))
        {
            if (values.Count == most)
            {
                return null;
            }

            values.Add(value);
        }

        return [.. values];
    }

    /// <summary>Reads a list of at most 64 numbers.</summary>
    public double[]? GetFloats(ReadOnlySpan<byte> name)
    {
        if (!TryGetAttribute(name, out var attribute))
        {
            return null;
        }

        var values = new List<double>();
        var fields = new WireReader(File, attribute);
        while (fields.Read())
        {
            var bytes = fields.Field == 7 ? fields.Value.Of(File) : default;
            for (; bytes.Length >= sizeof(float) && values.Count < 64; bytes = bytes[sizeof(float)..])
            {
                values.Add(System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes));
            }
        }

        return [.. values];
    }

    public bool TryGetTensor(ReadOnlySpan<byte> name, out TensorView tensor)
    {
        if (TryGetAttribute(name, out var attribute) && Fields.TryGet(File, attribute, 5, out var message))
        {
            tensor = new TensorView(File, message);
            return true;
        }

        tensor = default;
        return false;
    }

    public bool TryGetGraph(ReadOnlySpan<byte> name, out Slice graph)
    {
        graph = default;
        return TryGetAttribute(name, out var attribute) && Fields.TryGet(File, attribute, 6, out graph);
    }
}
