using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SecureInference.Tool.Audit;

/// <summary>Writes HTML in which every name stays text.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    /// <summary>Encodes text from a log; marks that turn text around or hide it are gone already.</summary>
    public static string Encode(string text) => Encoder.Encode(TerminalText.Clean(text));

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Appends markup that this tool wrote: no name may be in it unless it is encoded.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Appends markup whose holes are filled with encoded text.</summary>
    public Html Add(FormattableString markup)
    {
        var values = Array.ConvertAll(markup.GetArguments(), static value => (object)(value is double number ? Number(number) : Encode(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")));
        _text.AppendFormat(CultureInfo.InvariantCulture, markup.Format, values).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();
}
