using System.Runtime.InteropServices;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>A request as an engine got it, and where its numbers lie.</summary>
internal sealed class SeenRequest(InferenceRequest request)
{
    private readonly ReadOnlyMemory<byte> _memory = request.Inputs[0].Data;

    public InferenceRequest Request => request;

    public Tensor Input { get; } = request.Inputs[0];

    /// <summary>Gets what lies at this moment where the request's numbers lay when its run began.</summary>
    public float[] Numbers => MemoryMarshal.Cast<byte, float>(_memory.Span).ToArray();

    public bool SharesMemoryWith(SeenRequest other) => _memory.Span.Overlaps(other._memory.Span);
}
