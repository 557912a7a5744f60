using System.Globalization;
using System.Text;

namespace SecureInference.IntegrationTests.Limits;

/// <summary>Reads lists of items as RFC 9651 does, and refuses what it refuses. Inner lists, dates and display strings, which nothing here sends, are refused too.</summary>
internal sealed class StructuredField
{
    private const int MaxDigits = 15;
    private const int MaxWholeDigits = 12;
    private const int MaxFractionDigits = 3;
    private const string KeyMarks = "_-.*";
    private const string TokenMarks = "!#$%&'*+-.^_`|~:/";
    private readonly string _text;
    private int _at;

    private StructuredField(string text) => _text = text;

    /// <summary>Reads a list (section 4.2.1).</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<FieldItem> ParseList(string text)
    {
        var field = new StructuredField(text);
        field.SkipSpaces();
        var items = field.ReadList();
        field.SkipSpaces();
        return field.IsAtEnd ? items : throw field.Problem("something after the list");
    }

    /// <summary>Reads one item (section 4.2.3).</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static FieldItem ParseItem(string text)
    {
        var field = new StructuredField(text);
        field.SkipSpaces();
        var item = field.ReadItem();
        field.SkipSpaces();
        return field.IsAtEnd ? item : throw field.Problem("something after the item");
    }

    private bool IsAtEnd => _at == _text.Length;

    // Nothing that is allowed anywhere reads as the end.
    private char Next => IsAtEnd ? '\0' : _text[_at];

    private List<FieldItem> ReadList()
    {
        var items = new List<FieldItem>();
        while (!IsAtEnd)
        {
            items.Add(ReadItem());
            SkipOptionalWhitespace();
            if (IsAtEnd)
            {
                break;
            }

            Require(',');
            SkipOptionalWhitespace();
            if (IsAtEnd)
            {
                throw Problem("a comma at the end");
            }
        }

        return items;
    }

    private FieldItem ReadItem()
    {
        var value = ReadValue();
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal);
        while (Next == ';')
        {
            _at++;
            SkipSpaces();
            var key = ReadKey();
            object parameter = true;
            if (Next == '=')
            {
                _at++;
                parameter = ReadValue();
            }

            // Of two with the same key, the last one counts.
            parameters[key] = parameter;
        }

        return new FieldItem(value, parameters);
    }

    private object ReadValue() => Next switch
    {
        '-' or (>= '0' and <= '9') => ReadNumber(),
        '"' => ReadString(),
        ':' => ReadBytes(),
        '?' => ReadBoolean(),
        '*' => ReadToken(),
        var first when char.IsAsciiLetter(first) => ReadToken(),
        _ => throw Problem("no value"),
    };

    private object ReadNumber()
    {
        var start = _at;
        _at += Next == '-' ? 1 : 0;
        var whole = SkipDigits();
        if (whole == 0)
        {
            throw Problem("no digit");
        }

        if (Next != '.')
        {
            return whole <= MaxDigits ? long.Parse(_text.AsSpan(start, _at - start), CultureInfo.InvariantCulture) : throw Problem("too many digits");
        }

        _at++;
        var fraction = SkipDigits();
        return whole <= MaxWholeDigits && fraction is >= 1 and <= MaxFractionDigits
            ? decimal.Parse(_text.AsSpan(start, _at - start), CultureInfo.InvariantCulture)
            : throw Problem("no decimal");
    }

    private string ReadString()
    {
        var text = new StringBuilder();
        for (_at++; ; _at++)
        {
            switch (Next)
            {
                case '"':
                    _at++;
                    return text.ToString();
                case '\\':
                    _at++;
                    text.Append(Next is '"' or '\\' ? Next : throw Problem("a backslash before something else"));
                    break;
                case < ' ' or > '~':
                    throw Problem("no end, or no ASCII");
                default:
                    text.Append(Next);
                    break;
            }
        }
    }

    private byte[] ReadBytes()
    {
        var end = _text.IndexOf(':', _at + 1);
        if (end < 0)
        {
            throw Problem("no second colon");
        }

        var encoded = _text[(_at + 1)..end];
        _at = end + 1;
        if (encoded.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '/' or '=')))
        {
            throw Problem("no base64");
        }

        // Its end may be left out.
        return Convert.FromBase64String(encoded.TrimEnd('=').PadRight((encoded.TrimEnd('=').Length + 3) / 4 * 4, '='));
    }

    private bool ReadBoolean()
    {
        _at++;
        var value = Next is '0' or '1' ? Next == '1' : throw Problem("no boolean");
        _at++;
        return value;
    }

    private FieldToken ReadToken()
    {
        var start = _at;
        Skip(static letter => char.IsAsciiLetterOrDigit(letter) || TokenMarks.Contains(letter, StringComparison.Ordinal));
        return new FieldToken(_text[start.._at]);
    }

    private string ReadKey()
    {
        if (!char.IsAsciiLetterLower(Next) && Next != '*')
        {
            throw Problem("no key");
        }

        var start = _at;
        Skip(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || KeyMarks.Contains(letter, StringComparison.Ordinal));
        return _text[start.._at];
    }

    private int SkipDigits()
    {
        var start = _at;
        Skip(char.IsAsciiDigit);
        return _at - start;
    }

    private void SkipSpaces() => Skip(static letter => letter == ' ');

    private void SkipOptionalWhitespace() => Skip(static letter => letter is ' ' or '\t');

    private void Skip(Func<char, bool> isSkipped)
    {
        while (!IsAtEnd && isSkipped(Next))
        {
            _at++;
        }
    }

    private void Require(char letter)
    {
        if (Next != letter)
        {
            throw Problem($"no '{letter}'");
        }

        _at++;
    }

    private FormatException Problem(string what) => new($"{what} at {_at}: {_text}");
}
