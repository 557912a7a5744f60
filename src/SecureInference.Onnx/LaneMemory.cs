namespace SecureInference.Onnx;

/// <summary>A lane's own memory, which never moves: ONNX Runtime keeps its address from run to run.</summary>
internal sealed class LaneMemory
{
    private const int Alignment = 64;

    private readonly byte[] _bytes;
    private readonly int _start;

    public unsafe LaneMemory(int length)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(length + Alignment, pinned: true);
        fixed (byte* first = _bytes)
        {
            _start = (int)(-(nint)first & (Alignment - 1));
        }
    }

    public Span<byte> Slice(int offset, int length) => _bytes.AsSpan(_start + offset, length);

    /// <summary>Returns an address that stays valid as long as this object is reachable.</summary>
    public unsafe nint GetAddress(int offset)
    {
        fixed (byte* first = &_bytes[_start + offset])
        {
            return (nint)first;
        }
    }
}
