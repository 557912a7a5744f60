namespace SecureInference.Onnx.Admission.Wire;

/// <summary>A part of the file: where it is instead of a copy of it.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its length.</param>
internal readonly record struct Slice(int Start, int Length)
{
    public int End => Start + Length;

    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> file) => file.Slice(Start, Length);
}
