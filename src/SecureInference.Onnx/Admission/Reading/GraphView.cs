using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>A graph, or the body of a function, in place.</summary>
internal readonly ref struct GraphView
{
    private const int GraphNode = 1;
    private const int FunctionNode = 7;

    public GraphView(ReadOnlySpan<byte> file, Slice message, GraphPlace place, bool isFunction = false)
    {
        File = file;
        Message = message;
        Place = place;
        IsFunction = isFunction;
    }

    public ReadOnlySpan<byte> File { get; }

    public Slice Message { get; }

    public GraphPlace Place { get; }

    public bool IsFunction { get; }

    public FieldSequence Nodes => new(File, Message, IsFunction ? FunctionNode : GraphNode);

    /// <summary>Gets the inputs: values with types, or only names where this is a function.</summary>
    public FieldSequence Inputs => new(File, Message, IsFunction ? 4 : 11);

    /// <summary>Gets the outputs: values with types, or only names where this is a function.</summary>
    public FieldSequence Outputs => new(File, Message, IsFunction ? 5 : 12);

    public FieldSequence Initializers => new(File, Message, IsFunction ? NoField : 5);

    public FieldSequence SparseInitializers => new(File, Message, IsFunction ? NoField : 15);

    // No field has this number, so nothing is found.
    private static int NoField => 1000;

    /// <summary>Returns the name of an input or output.</summary>
    public Slice NameOf(Slice value) => IsFunction ? value : Fields.TryGet(File, value, 1, out var name) ? name : default;
}
