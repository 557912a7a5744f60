using System.Buffers;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Keeps data that came before the name, the type or the shape: JSON's properties have no order.</summary>
internal sealed class DeferredData : JsonPart, IDisposable
{
    private byte[] _json = [];
    private int _length;
    private int _depth;

    public override void Begin()
    {
        base.Begin();
        Dispose();
        _json = ArrayPool<byte>.Shared.Rent(1024);
        _depth = 0;
    }

    /// <summary>Reads what was kept, now that it is known how, and gives its memory back.</summary>
    public InferenceError? ReadInto(InputDraft input)
    {
        var data = input.BeginData();
        var reader = new Utf8JsonReader(_json.AsSpan(0, _length));
        while (reader.Read())
        {
            if (data.Accept(ref reader) is { } error)
            {
                return error;
            }
        }

        Dispose();
        return null;
    }

    public void Dispose()
    {
        _json.AsSpan(0, _length).Clear();
        ArrayPool<byte>.Shared.Return(_json);
        _json = [];
        _length = 0;
    }

    protected override InferenceError? OnToken(ref Utf8JsonReader reader)
    {
        if (_depth == 0 && reader.TokenType != JsonTokenType.StartArray)
        {
            return InferenceErrors.Payload("The data of an input must be a JSON array.");
        }

        // Nesting says nothing that the shape does not: the values are kept in one flat array.
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                Append(_depth++ == 0 ? "["u8 : default);
                return null;
            case JsonTokenType.EndArray:
                IsDone = --_depth == 0;
                Close();
                return null;
            case JsonTokenType.String:
                Append("\""u8);
                AppendValue(ref reader);
                Append("\","u8);
                return null;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                AppendValue(ref reader);
                Append(","u8);
                return null;
            default:
                return InferenceErrors.Payload("The data of an input hold something other than numbers, booleans and strings.");
        }
    }

    private void Close()
    {
        if (!IsDone)
        {
            return;
        }

        if (_json[_length - 1] == (byte)',')
        {
            _length--;
        }

        Append("]"u8);
    }

    private void AppendValue(ref Utf8JsonReader reader)
    {
        if (!reader.HasValueSequence)
        {
            Append(reader.ValueSpan);
            return;
        }

        foreach (var segment in reader.ValueSequence)
        {
            Append(segment.Span);
        }
    }

    private void Append(ReadOnlySpan<byte> json)
    {
        if (json.Length > _json.Length - _length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_json.Length * 2, _length + json.Length));
            _json.AsSpan(0, _length).CopyTo(larger);
            _json.AsSpan(0, _length).Clear();
            ArrayPool<byte>.Shared.Return(_json);
            _json = larger;
        }

        json.CopyTo(_json.AsSpan(_length));
        _length += json.Length;
    }
}
