using System.Text;

namespace SecureInference.Onnx.Admission.Reading;

/// <summary>Names out of a file that nobody trusts, as they may stand in a message: short, and without orders to a terminal or a log.</summary>
internal static class Quoted
{
    private const int MostBytes = 96;

    public static string Name(ReadOnlySpan<byte> name) => $"'{Plain(name)}'";

    public static string Plain(ReadOnlySpan<byte> name)
    {
        var shown = name.Length > MostBytes ? name[..MostBytes] : name;
        var text = new StringBuilder(shown.Length);
        foreach (var rune in Encoding.UTF8.GetString(shown).EnumerateRunes())
        {
            text.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is
                System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
                ? Rune.ReplacementChar : rune);
        }

        return shown.Length < name.Length ? text.Append('…').ToString() : text.ToString();
    }
}
