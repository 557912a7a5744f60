using System.Buffers;
using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Reads JSON that somebody else has written, once and forwards: what two readers could understand differently is refused.</summary>
/// <remarks>Throws <see cref="JsonException"/>, or <see cref="InvalidOperationException"/> for a text that is no Unicode.</remarks>
internal ref struct StrictJson
{
    private const int MaxDepth = 64;
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);
    private Utf8JsonReader _reader;

    /// <param name="utf8">All of it.</param>
    public StrictJson(ReadOnlySpan<byte> utf8)
    {
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow });
        _reader.Read();
    }

    public readonly JsonTokenType Kind => _reader.TokenType;

    public void BeginObject() => Require(JsonTokenType.StartObject, "an object");

    public void BeginArray() => Require(JsonTokenType.StartArray, "a list");

    /// <summary>Goes to the value of the next member of the object.</summary>
    /// <param name="names">The members' names.</param>
    /// <param name="seen">Those that the object has had.</param>
    /// <param name="name">Which of the names it is, or -1 for none of them.</param>
    /// <returns><see langword="false"/> at the end of the object.</returns>
    public bool NextMember(ReadOnlySpan<string> names, ref SeenMembers seen, out int name)
    {
        name = -1;
        Move();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        for (var index = 0; index < names.Length && name < 0; index++)
        {
            name = _reader.ValueTextEquals(names[index]) ? index : -1;
        }

        // The last of two would win here, and the first elsewhere.
        if (name >= 0 ? !seen.TryAdd(name) : !seen.TryAdd(_reader.GetString() ?? ""))
        {
            throw new JsonException("it has the same member twice in one object, or too many members");
        }

        Move();
        return true;
    }

    /// <summary>Goes to the next element of the list.</summary>
    public bool NextElement()
    {
        Move();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    public readonly string Text(int maxLength)
    {
        Require(JsonTokenType.String, "a text");
        return _reader.ValueSpan.Length <= maxLength ? _reader.GetString() ?? "" : throw new JsonException($"it has a text of more than {maxLength} bytes where a short one belongs");
    }

    public readonly bool TextIs(string value)
    {
        Require(JsonTokenType.String, "a text");
        return _reader.ValueTextEquals(value);
    }

    public readonly bool Flag() => Kind is JsonTokenType.True or JsonTokenType.False ? Kind == JsonTokenType.True : throw Expected("true or false");

    /// <summary>Reads a whole number, also one that is written as <c>8.0</c>.</summary>
    public readonly long WholeNumber()
    {
        Require(JsonTokenType.Number, "a number");
        return _reader.TryGetInt64(out var whole) ? whole
            : _reader.TryGetDecimal(out var other) && other == decimal.Truncate(other) && decimal.Abs(other) <= long.MaxValue ? (long)other
            : throw Expected("a whole number");
    }

    /// <summary>Reads bytes in lower-case hexadecimal, exactly as many as are wanted.</summary>
    /// <returns><see langword="false"/> where it is something else.</returns>
    public readonly bool TryReadHex(Span<byte> into) => Kind == JsonTokenType.String
        && _reader.ValueSpan.Length == 2 * into.Length
        && !_reader.ValueSpan.ContainsAnyExcept(LowerHex)
        && Convert.FromHexString(_reader.ValueSpan, into, out _, out _) == OperationStatus.Done;

    /// <summary>Reads bytes in base64, in the standard or the URL-safe alphabet.</summary>
    public readonly byte[] Bytes(int maxLength)
    {
        Require(JsonTokenType.String, "base64");
        if (_reader.ValueSpan.Length / 4 * 3L > maxLength + 3L)
        {
            throw new JsonException($"it has more than {maxLength} bytes in base64 where fewer belong");
        }

        if (!_reader.ValueIsEscaped)
        {
            return StrictBase64.Decode(_reader.ValueSpan) ?? throw Expected("base64");
        }

        var text = new byte[_reader.ValueSpan.Length];
        return StrictBase64.Decode(text.AsSpan(0, _reader.CopyString(text))) ?? throw Expected("base64");
    }

    /// <summary>Passes the value over, whatever it is; in it too no object may have a member twice.</summary>
    public void Skip()
    {
        if (Kind == JsonTokenType.StartObject)
        {
            var seen = default(SeenMembers);
            while (NextMember([], ref seen, out _))
            {
                Skip();
            }
        }
        else if (Kind == JsonTokenType.StartArray)
        {
            while (NextElement())
            {
                Skip();
            }
        }
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public void End()
    {
        if (_reader.Read())
        {
            throw new JsonException("something follows it");
        }
    }

    private void Move()
    {
        if (!_reader.Read())
        {
            throw new JsonException("it ends too early");
        }
    }

    private readonly void Require(JsonTokenType kind, string what)
    {
        if (Kind != kind)
        {
            throw Expected(what);
        }
    }

    private readonly JsonException Expected(string what) => new($"it has no {what} at byte {_reader.TokenStartIndex}");
}
