using System.Buffers.Binary;

namespace SecureInference;

/// <summary>Walks the elements of a BYTES tensor: four bytes of length, little-endian, then the element.</summary>
public ref struct BytesElements
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first element.</summary>
    /// <param name="data">The tensor's data.</param>
    public BytesElements(ReadOnlySpan<byte> data) => _rest = data;

    /// <summary>Gets the element that <see cref="MoveNext"/> arrived at.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Gets whether every byte has been walked over.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Goes to the next element.</summary>
    /// <returns><see langword="false"/> at the end, and where a length runs past the data.</returns>
    public bool MoveNext()
    {
        if (_rest.Length < sizeof(uint))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        if (length > (uint)(_rest.Length - sizeof(uint)))
        {
            return false;
        }

        Current = _rest.Slice(sizeof(uint), (int)length);
        _rest = _rest[(sizeof(uint) + (int)length)..];
        return true;
    }
}
