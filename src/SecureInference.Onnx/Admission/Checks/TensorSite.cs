using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission.Checks;

/// <summary>Where a tensor stands.</summary>
internal readonly ref struct TensorSite(GraphPlace graph, TensorRole role, int node)
{
    public GraphPlace Graph { get; } = graph;

    public TensorRole Role { get; } = role;

    /// <summary>Gets whether this is an initializer of the main graph.</summary>
    public bool IsMainInitializer => Role == TensorRole.Initializer && ReferenceEquals(Graph, GraphPlace.Main);

    public TensorSite With(TensorRole other) => new(Graph, other, node);

    /// <summary>Says where, for messages.</summary>
    public string Say(ReadOnlySpan<byte> name) => Role switch
    {
        TensorRole.Attribute => $"{Graph.Path} / node {node} / tensor {Quoted.Name(name)}",
        TensorRole.Initializer => $"{Graph.Path} / initializer {Quoted.Name(name)}",
        TensorRole.SparseValues => $"{Graph.Path} / values of the sparse tensor {Quoted.Name(name)}",
        TensorRole.SparseIndices => $"{Graph.Path} / indices of a sparse tensor",
        _ => throw new ArgumentOutOfRangeException(nameof(name), Role, null),
    };
}
