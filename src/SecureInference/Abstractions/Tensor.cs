using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference;

/// <summary>One named tensor: a type, a shape, and its elements in the protocol's binary form.</summary>
/// <remarks>The memory may be rented: an <see cref="InferenceRequest"/> or <see cref="InferenceResponse"/> that holds the tensor gives it back when it is disposed.</remarks>
public sealed class Tensor
{
    private long[] _shape;
    private byte[]? _rented;
    private ReadOnlyMemory<byte> _data;

    internal Tensor(string name, TensorDataType dataType, long[] shape, ReadOnlyMemory<byte> data, byte[]? rented)
    {
        Name = name;
        _shape = shape;
        Become(name, dataType, shape, data, rented);
    }

    /// <summary>Gets the tensor's name.</summary>
    public string Name { get; private set; }

    /// <summary>Gets the element type.</summary>
    public TensorDataType DataType { get; private set; }

    /// <summary>Gets the dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Gets the elements: row-major, little-endian, without padding; each element of BYTES after its length in four bytes.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    /// <summary>Gets the number of elements that the shape says.</summary>
    public long ElementCount => CountElements(_shape);

    /// <summary>Creates a tensor of numbers or booleans, copying the values.</summary>
    /// <typeparam name="T"><see cref="bool"/>, an integer type of 1 to 8 bytes, <see cref="Half"/>, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">A dimension is negative, or the shape does not multiply up to the number of values.</exception>
    /// <exception cref="NotSupportedException">The protocol has no such element type.</exception>
    public static Tensor Create<T>(string name, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        RequireCount(shape, values.Length);
        return new Tensor(name, TypeOf<T>(), shape.ToArray(), MemoryMarshal.AsBytes(values).ToArray(), rented: null);
    }

    /// <summary>Creates a tensor of strings.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="values">The elements, row-major; they are stored as UTF-8.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">A dimension is negative, or the shape does not multiply up to the number of values.</exception>
    public static Tensor Create(string name, ReadOnlySpan<long> shape, ReadOnlySpan<string> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        RequireCount(shape, values.Length);
        var writer = new ArrayBufferWriter<byte>();
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), Encoding.UTF8.GetByteCount(value));
            writer.Advance(sizeof(int));
            Encoding.UTF8.GetBytes(value, writer);
        }

        return new Tensor(name, TensorDataType.Bytes, shape.ToArray(), writer.WrittenMemory, rented: null);
    }

    /// <summary>Returns the elements of a tensor of numbers or booleans.</summary>
    /// <typeparam name="T">The type that <see cref="DataType"/> says.</typeparam>
    /// <returns>The elements, row-major, in the tensor's own memory.</returns>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> GetValues<T>()
        where T : unmanaged
    {
        if (TypeOf<T>() != DataType)
        {
            throw new InvalidOperationException($"Tensor '{Name}' holds {DataType.ToProtocolName()}, not {typeof(T).Name}.");
        }

        return MemoryMarshal.Cast<byte, T>(_data.Span);
    }

    /// <summary>Returns the elements of a tensor of strings, decoded from UTF-8.</summary>
    /// <returns>The elements, row-major.</returns>
    /// <exception cref="InvalidOperationException">The tensor does not hold BYTES.</exception>
    public string[] GetStrings()
    {
        if (DataType != TensorDataType.Bytes)
        {
            throw new InvalidOperationException($"Tensor '{Name}' holds {DataType.ToProtocolName()}, not BYTES.");
        }

        var strings = new string[ElementCount];
        var elements = new BytesElements(_data.Span);
        for (var index = 0; index < strings.Length && elements.MoveNext(); index++)
        {
            strings[index] = Encoding.UTF8.GetString(elements.Current);
        }

        return strings;
    }

    /// <summary>Multiplies up a shape of known dimensions.</summary>
    /// <exception cref="OverflowException">The product passes 64 bits.</exception>
    internal static long CountElements(ReadOnlySpan<long> shape)
    {
        var count = 1L;
        foreach (var dimension in shape)
        {
            count = checked(count * dimension);
        }

        return count;
    }

    internal static Tensor Rent(string name, TensorDataType dataType, long[] shape, int byteCount, out Memory<byte> data, Tensor? again = null)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(byteCount, 1));
        data = rented.AsMemory(0, byteCount);
        return again is null ? new Tensor(name, dataType, shape, data, rented) : again.Become(name, dataType, shape, data, rented);
    }

    /// <summary>Serves again as another tensor. Only its owner may say so, once nobody else can hold it.</summary>
    internal Tensor Become(string name, TensorDataType dataType, long[] shape, ReadOnlyMemory<byte> data, byte[]? rented)
    {
        Name = name;
        DataType = dataType;
        _shape = shape;
        _data = data;
        _rented = rented;
        return this;
    }

    /// <summary>Copies some of the rows into a tensor of its own; its elements have one size.</summary>
    internal Tensor CutRows(int first, int rows)
    {
        var shape = _shape.AsSpan().ToArray();
        var bytesPerRow = _data.Length / (int)shape[0];
        shape[0] = rows;
        var cut = Rent(Name, DataType, shape, bytesPerRow * rows, out var copy);
        _data.Span.Slice(bytesPerRow * first, bytesPerRow * rows).CopyTo(copy.Span);
        return cut;
    }

    internal void Return()
    {
        var rented = Interlocked.Exchange(ref _rented, null);
        if (rented is null)
        {
            return;
        }

        // The next renter must not see this caller's payload.
        rented.AsSpan(0, _data.Length).Clear();
        _data = default;
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void RequireCount(ReadOnlySpan<long> shape, int count)
    {
        foreach (var dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
        }

        if (CountElements(shape) != count)
        {
            throw new ArgumentException($"The shape multiplies up to {CountElements(shape)} elements, but there are {count}.", nameof(shape));
        }
    }

    private static TensorDataType TypeOf<T>() =>
        typeof(T) == typeof(float) ? TensorDataType.Float32
        : typeof(T) == typeof(double) ? TensorDataType.Float64
        : typeof(T) == typeof(long) ? TensorDataType.Int64
        : typeof(T) == typeof(int) ? TensorDataType.Int32
        : typeof(T) == typeof(byte) ? TensorDataType.UInt8
        : typeof(T) == typeof(bool) ? TensorDataType.Bool
        : typeof(T) == typeof(sbyte) ? TensorDataType.Int8
        : typeof(T) == typeof(short) ? TensorDataType.Int16
        : typeof(T) == typeof(ushort) ? TensorDataType.UInt16
        : typeof(T) == typeof(uint) ? TensorDataType.UInt32
        : typeof(T) == typeof(ulong) ? TensorDataType.UInt64
        : typeof(T) == typeof(Half) ? TensorDataType.Float16
        : throw new NotSupportedException($"The protocol has no element type for {typeof(T).Name}.");
}
