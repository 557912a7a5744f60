using System.Globalization;
using System.Text;

namespace SecureInference.Tool;

/// <summary>Tells text from orders to the terminal: what a file or a command line says is shown, never obeyed.</summary>
internal static class TerminalText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>Says whether the text may be shown as it is.</summary>
    public static bool IsSafe(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsSafe(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the text with a replacement character for each character that may not be shown.</summary>
    public static string Clean(string text)
    {
        if (IsSafe(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(IsSafe(rune) ? rune : Rune.ReplacementChar);
        }

        return clean.ToString();
    }

    // Escape sequences repaint the screen, line ends forge rows, and directional marks turn names around.
    // What is not valid Unicode arrives here as the replacement character.
    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,

        // Some scripts are not spelt right without the joiners.
        UnicodeCategory.Format => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner,
        _ => rune != Rune.ReplacementChar,
    };
}
