using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SecureInference.Protocol;

/// <summary>Writes an answer's JSON straight into the response's memory.</summary>
internal ref struct JsonAnswer
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    /// <summary>What stands in JSON as it is, and in UTF-8 as one byte.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(" -./0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    private const int LongestPlain = 256;
    private AnswerRoom _room;

    public JsonAnswer(IBufferWriter<byte> writer) => _room = new AnswerRoom(writer);

    /// <summary>Gets the bytes written.</summary>
    public readonly long Length => _room.Length;

    public void Write(ModelMetadata model, InferCall call, InferenceResponse answer)
    {
        Raw("{\"model_name\":"u8);
        Text(model.Name);
        Raw(",\"model_version\":"u8);
        Text(model.Version);
        if (call.Id is not null)
        {
            Raw(",\"id\":"u8);
            Text(call.Id);
        }

        Raw(",\"outputs\":["u8);
        for (var index = 0; index < answer.Outputs.Count; index++)
        {
            Raw(index == 0 ? default : ","u8);
            Output(answer.Outputs[index], call.IsBinary(index));
        }

        Raw("]}"u8);
        _room.Flush();
    }

    private void Output(Tensor output, bool isBinary)
    {
        Raw("{\"name\":"u8);
        Text(output.Name);
        Raw(",\"shape\":["u8);
        Numbers(output.Shape);
        Raw("],\"datatype\":\""u8);
        Text(output.DataType.ToProtocolName(), quote: false);
        if (isBinary)
        {
            Raw("\",\"parameters\":{\"binary_data_size\":"u8);
            Number(output.Data.Length);
            Raw("}}"u8);
            return;
        }

        Raw("\",\"data\":["u8);
        Elements(output);
        Raw("]}"u8);
    }

    private void Elements(Tensor output)
    {
        var data = output.Data.Span;
        switch (output.DataType)
        {
            case TensorDataType.Float32:
                Floats(MemoryMarshal.Cast<byte, float>(data));
                break;
            case TensorDataType.Float64:
                Doubles(MemoryMarshal.Cast<byte, double>(data));
                break;
            case TensorDataType.Int64:
                Numbers(MemoryMarshal.Cast<byte, long>(data));
                break;
            case TensorDataType.Int32:
                Numbers(MemoryMarshal.Cast<byte, int>(data));
                break;
            case TensorDataType.Int16:
                Numbers(MemoryMarshal.Cast<byte, short>(data));
                break;
            case TensorDataType.Int8:
                Numbers(MemoryMarshal.Cast<byte, sbyte>(data));
                break;
            case TensorDataType.UInt64:
                Numbers(MemoryMarshal.Cast<byte, ulong>(data));
                break;
            case TensorDataType.UInt32:
                Numbers(MemoryMarshal.Cast<byte, uint>(data));
                break;
            case TensorDataType.UInt16:
                Numbers(MemoryMarshal.Cast<byte, ushort>(data));
                break;
            case TensorDataType.UInt8:
                Numbers(data);
                break;
            case TensorDataType.Bool:
                Booleans(data);
                break;
            case TensorDataType.Bytes:
                Strings(data);
                break;
            default:
                throw new InvalidOperationException($"{output.DataType} has no JSON form; it was to be refused before the run.");
        }
    }

    private void Numbers<T>(ReadOnlySpan<T> values)
        where T : IUtf8SpanFormattable
    {
        for (var index = 0; index < values.Length; index++)
        {
            Raw(index == 0 ? default : ","u8);
            Number(values[index]);
        }
    }

    private void Floats(ReadOnlySpan<float> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            Raw(index == 0 ? default : ","u8);
            if (float.IsFinite(values[index]))
            {
                _room.Advance(FloatText.Write(values[index], _room.For(FloatText.MaxLength)));
            }
            else
            {
                NonFinite(values[index]);
            }
        }
    }

    private void Doubles(ReadOnlySpan<double> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            Raw(index == 0 ? default : ","u8);
            if (double.IsFinite(values[index]))
            {
                Number(values[index]);
            }
            else
            {
                NonFinite(values[index]);
            }
        }
    }

    // JSON has no such numbers: protobuf's JSON mapping writes them as strings.
    private void NonFinite(double value) => Raw(double.IsNaN(value) ? "\"NaN\""u8 : value < 0 ? "\"-Infinity\""u8 : "\"Infinity\""u8);

    private void Booleans(ReadOnlySpan<byte> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            Raw(index == 0 ? default : ","u8);
            Raw(values[index] != 0 ? "true"u8 : "false"u8);
        }
    }

    private void Strings(ReadOnlySpan<byte> data)
    {
        var elements = new BytesElements(data);
        for (var index = 0; elements.MoveNext(); index++)
        {
            Raw(index == 0 ? default : ","u8);
            Raw("\""u8);
            Escape(elements.Current);
            Raw("\""u8);
        }
    }

    private void Number<T>(T value)
        where T : IUtf8SpanFormattable
    {
        const int LongestNumber = 32;
        value.TryFormat(_room.For(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        _room.Advance(written);
    }

    private void Text(string text, bool quote = true)
    {
        Raw(quote ? "\""u8 : default);
        if (text.Length <= LongestPlain && !text.AsSpan().ContainsAnyExcept(Plain))
        {
            Ascii.FromUtf16(text, _room.For(text.Length), out var written);
            _room.Advance(written);
        }
        else
        {
            const int MaxBytesPerCharacter = 3;
            var utf8 = text.Length <= LongestPlain ? stackalloc byte[LongestPlain * MaxBytesPerCharacter] : new byte[text.Length * MaxBytesPerCharacter];
            Utf8.FromUtf16(text, utf8, out _, out var written);
            Escape(utf8[..written]);
        }

        Raw(quote ? "\""u8 : default);
    }

    private void Escape(scoped ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            const int RoomForAtLeastOneCharacter = 64;
            Encoder.EncodeUtf8(utf8, _room.For(RoomForAtLeastOneCharacter), out var consumed, out var written);
            _room.Advance(written);
            utf8 = utf8[consumed..];
        }
    }

    private void Raw(ReadOnlySpan<byte> json) => _room.Write(json);
}
