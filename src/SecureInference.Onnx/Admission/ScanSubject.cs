using SecureInference.Onnx.Admission.Wire;

namespace SecureInference.Onnx.Admission;

/// <summary>A model file in memory, and what it is judged by.</summary>
/// <param name="File">Its bytes.</param>
/// <param name="Others">The lengths of the files beside it that it may name, by their paths from its folder.</param>
/// <param name="Options">The model's options.</param>
/// <param name="Report">Where findings go.</param>
/// <param name="CancellationToken">Ends the scan.</param>
internal sealed record ScanSubject(
    ReadOnlyMemory<byte> File,
    IReadOnlyDictionary<string, long> Others,
    ModelOptions Options,
    AdmissionReport Report,
    CancellationToken CancellationToken)
{
    public ReadOnlySpan<byte> Bytes => File.Span;

    public AdmissionOptions Limits => Options.Admission;

    /// <summary>Gets the whole file as a message.</summary>
    public Slice Model => new(0, File.Length);
}
