using System.Buffers;

namespace SecureInference.Protocol;

/// <summary>Rented memory of a known final length that is rented as it is filled.</summary>
internal sealed class GrowingMemory(int finalLength) : IDisposable
{
    private const int FirstLength = 16 * 1024;
    private byte[]? _rented;

    /// <summary>Gets the bytes that were given out to be filled.</summary>
    public int Length { get; private set; }

    /// <summary>Returns the next part to be filled; what was filled before it stays.</summary>
    public Memory<byte> Extend()
    {
        var start = Length;
        var end = Math.Min(finalLength, Math.Max(FirstLength, start * 2L));
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max((int)end, 1));
        _rented.AsSpan(0, start).CopyTo(larger);
        Return();
        _rented = larger;
        Length = (int)end;
        return larger.AsMemory(start, Length - start);
    }

    /// <summary>Hands the memory over, filled to its final length.</summary>
    public Tensor ToTensor(string name, TensorDataType dataType, long[] shape)
    {
        var rented = _rented ?? [];
        _rented = null;
        return new Tensor(name, dataType, shape, rented.AsMemory(0, Length), rented);
    }

    public void Dispose() => Return();

    private void Return()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            rented.AsSpan(0, Length).Clear();
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
