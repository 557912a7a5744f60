using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Reads the elements of a JSON array, nested in any way, straight into the tensor's memory.</summary>
internal sealed class JsonTensorReader : JsonPart, IDisposable
{
    private string _name = "";
    private TensorDataType _type;
    private long[] _shape = [];
    private long _count;
    private bool _allowNonFinite;
    private long _maxBytes;
    private byte[]? _memory;
    private int _length;
    private long _read;
    private int _depth;

    /// <summary>Begins with an input whose description has been checked, and rents memory for it.</summary>
    public void Begin(InputDraft input)
    {
        Begin();
        Dispose();
        _name = input.Name;
        _type = input.DataType.GetValueOrDefault();
        _shape = input.Shape ?? [];
        _count = Tensor.CountElements(_shape);
        _allowNonFinite = input.Limits.AllowNonFinite;
        _maxBytes = input.Limits.MaxBytesLength;
        _length = 0;
        _read = 0;
        _depth = 0;

        // Grows with what has come: a shape alone must not make the server rent what it promises.
        const int FirstLength = 16 * 1024;
        var length = _type == TensorDataType.Bytes ? FirstLength : Math.Min(_count * _type.GetElementSize(), FirstLength);
        _memory = ArrayPool<byte>.Shared.Rent(Math.Max((int)length, 1));
    }

    public InferenceError? CheckComplete() => _read == _count
        ? null
        : InferenceErrors.Tensor($"input '{_name}' has {_read} elements of data; its shape needs {_count}");

    /// <summary>Hands the memory over.</summary>
    /// <param name="again">A tensor that serves again, where there is one.</param>
    public Tensor? ToTensor(Tensor? again)
    {
        var memory = _memory;
        _memory = null;
        var data = memory.AsMemory(0, _length);
        return memory is null ? null
            : again is null ? new Tensor(_name, _type, _shape, data, memory)
            : again.Become(_name, _type, _shape, data, memory);
    }

    public void Dispose()
    {
        if (_memory is { } memory)
        {
            _memory = null;
            memory.AsSpan(0, _length).Clear();
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    public override int ReadOn(ReadOnlySpan<byte> text)
    {
        var size = _type.GetElementSize();
        var at = 0;
        while (true)
        {
            if (_read == _count || size == 0)
            {
                return at;
            }

            Grow(_length + size);
            var room = (int)Math.Min(_count - _read, (_memory.AsSpan().Length - _length) / size);
            at += NumberRun.Read(text[at..], _type, _memory.AsSpan(_length, room * size), out var bytes);
            _length += bytes;
            _read += bytes / size;
            if (bytes < room * size)
            {
                return at;
            }
        }
    }

    protected override InferenceError? OnToken(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                _depth++;
                return null;
            case JsonTokenType.EndArray:
                IsDone = --_depth == 0;
                return null;
            case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when _depth > 0:
                return Read(ref reader);
            default:
                return InferenceErrors.Payload($"The data of input '{_name}' must be a JSON array of elements.");
        }
    }

    private InferenceError? Read(ref Utf8JsonReader reader)
    {
        // Counted before it is read: the first surplus element ends it.
        if (_read++ == _count)
        {
            return InferenceErrors.Tensor($"input '{_name}' has more data than the {_count} elements of its shape");
        }

        if (_type == TensorDataType.Bytes)
        {
            return ReadString(ref reader);
        }

        var size = _type.GetElementSize();
        Grow(_length + size);
        var element = _memory.AsSpan(_length, size);
        _length += size;
        return ReadElement(ref reader, element) ? null : Refuse();
    }

    private bool ReadElement(ref Utf8JsonReader reader, Span<byte> element) => _type switch
    {
        TensorDataType.Float32 => ReadFloat32(ref reader, element),
        TensorDataType.Float64 => ReadFloat64(ref reader, element),
        TensorDataType.Bool => ReadBoolean(ref reader, element),
        TensorDataType.Float16 or TensorDataType.BFloat16 => false,
        _ => JsonInteger.TryRead(ref reader, _type, element),
    };

    private static bool ReadBoolean(ref Utf8JsonReader reader, Span<byte> element)
    {
        element[0] = reader.TokenType == JsonTokenType.True ? (byte)1 : (byte)0;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False;
    }

    private bool ReadFloat32(ref Utf8JsonReader reader, Span<byte> element)
    {
        var value = 0f;
        var isNumber = reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out value);
        if (!isNumber && TryReadNonFinite(ref reader, out var special))
        {
            (value, isNumber) = ((float)special, true);
        }

        MemoryMarshal.Write(element, value);
        return isNumber && (float.IsFinite(value) || _allowNonFinite);
    }

    private bool ReadFloat64(ref Utf8JsonReader reader, Span<byte> element)
    {
        var value = 0d;
        var isNumber = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value);
        if (!isNumber && TryReadNonFinite(ref reader, out var special))
        {
            (value, isNumber) = (special, true);
        }

        MemoryMarshal.Write(element, value);
        return isNumber && (double.IsFinite(value) || _allowNonFinite);
    }

    // The form in which answers write them (protobuf's JSON mapping).
    private bool TryReadNonFinite(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        if (!_allowNonFinite || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        value = reader.ValueTextEquals("NaN"u8) ? double.NaN
            : reader.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity
            : reader.ValueTextEquals("-Infinity"u8) ? double.NegativeInfinity
            : 0;
        return !double.IsFinite(value);
    }

    private InferenceError? ReadString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Refuse();
        }

        // Unescaped text is never longer than its JSON, and the JSON is bounded by the body.
        var bound = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        var start = _length;
        var needed = checked(start + sizeof(int) + (int)bound);
        Grow(needed);

        // Counted before it is written: what a string that breaks off leaves behind is cleared with the rest.
        _length = needed;
        var written = reader.CopyString(_memory.AsSpan(start + sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(_memory.AsSpan(start), written);
        _length = start + sizeof(int) + written;
        return _length <= _maxBytes ? null : RefuseLength();
    }

    private void Grow(int needed)
    {
        if (_memory is null || needed <= _memory.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _memory.Length * 2));
        _memory.AsSpan(0, _length).CopyTo(larger);
        _memory.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = larger;
    }

    private InferenceError RefuseLength() =>
        InferenceErrors.Tensor($"input '{_name}' has more than the {_maxBytes} bytes that the model takes");

    private InferenceError Refuse() => InferenceErrors.Tensor(_type is TensorDataType.Float16 or TensorDataType.BFloat16
        ? $"input '{_name}' is {_type.ToProtocolName()}, which has no JSON form: send it as binary data"
        : $"element {_read - 1} of input '{_name}' is no {_type.ToProtocolName()} value, or not finite");
}
