using System.Security.Cryptography;

namespace SecureInference;

/// <summary>One block of a PEM file.</summary>
internal readonly record struct PemBlock(string Label, byte[] Data)
{
    private const string Mark = "-----";

    /// <summary>Reads all blocks. Text between them is comment, but nothing that looks like a block may be none.</summary>
    /// <param name="text">What the file holds.</param>
    /// <param name="source">What it is, for messages.</param>
    /// <exception cref="InvalidDataException">A block is malformed: passing it over would drop an authority or a list silently.</exception>
    public static List<PemBlock> ReadAll(ReadOnlySpan<char> text, string source)
    {
        var blocks = new List<PemBlock>();
        while (PemEncoding.TryFind(text, out var fields))
        {
            RequireNoMark(text[..fields.Location.Start], source);
            var data = new byte[fields.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(text[fields.Base64Data], data, out var written) || written != data.Length)
            {
                throw Malformed(source);
            }

            blocks.Add(new PemBlock(text[fields.Label].ToString(), data));
            text = text[fields.Location.End..];
        }

        RequireNoMark(text, source);
        return blocks;
    }

    private static void RequireNoMark(ReadOnlySpan<char> between, string source)
    {
        if (between.Contains(Mark, StringComparison.Ordinal))
        {
            throw Malformed(source);
        }
    }

    private static InvalidDataException Malformed(string source) => new(
        $"{source} has a PEM block that is malformed. Each is a line -----BEGIN …-----, base64, and a line -----END …-----.");
}
