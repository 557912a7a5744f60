using System.Buffers;

namespace SecureInference.Protocol;

/// <summary>Rented memory of a known final length that is rented as it is filled.</summary>
internal sealed class GrowingMemory(int finalLength) : IDisposable
{
    private const int FirstLength = 16 * 1024;
    private int _finalLength = finalLength;
    private byte[]? _rented;

    /// <summary>Gets the bytes that were given out to be filled.</summary>
    public int Length { get; private set; }

    /// <summary>Begins with other data.</summary>
    public void Begin(int length)
    {
        Dispose();
        _finalLength = length;
        Length = 0;
    }

    /// <summary>Returns the next part to be filled; what was filled before it stays.</summary>
    public Memory<byte> Extend()
    {
        var start = Length;
        var end = Math.Min(_finalLength, Math.Max(FirstLength, start * 2L));
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max((int)end, 1));
        _rented.AsSpan(0, start).CopyTo(larger);
        Return();
        _rented = larger;
        Length = (int)end;
        return larger.AsMemory(start, Length - start);
    }

    /// <summary>Hands the memory over, filled to its final length.</summary>
    public Tensor ToTensor(string name, TensorDataType dataType, long[] shape, Tensor? again = null)
    {
        var rented = _rented ?? [];
        _rented = null;
        var data = rented.AsMemory(0, Length);
        return again is null ? new Tensor(name, dataType, shape, data, rented) : again.Become(name, dataType, shape, data, rented);
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
