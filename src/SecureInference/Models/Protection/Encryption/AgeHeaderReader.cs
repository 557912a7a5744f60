using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads the header of an age file. It comes from a stranger: every deviation is refused, and nothing is allocated by what it claims.</summary>
internal ref struct AgeHeaderReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    private AgeHeaderReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <param name="bytes">The beginning of the file: all of it, or at least as much as a header may have.</param>
    /// <exception cref="AgeException">It is no header.</exception>
    public static AgeHeader Read(ReadOnlySpan<byte> bytes) =>
        new AgeHeaderReader(bytes[..Math.Min(bytes.Length, AgeFormat.MaxHeaderLength)]).Read();

    private AgeHeader Read()
    {
        if (!ReadLine().SequenceEqual(AgeFormat.VersionLine))
        {
            throw AgeException.Header("its first line is not 'age-encryption.org/v1'");
        }

        var stanzas = new List<AgeStanza>();
        while (true)
        {
            var start = _position;
            var line = ReadLine();
            if (line.StartsWith(AgeFormat.StanzaPrefix))
            {
                stanzas.Add(stanzas.Count < AgeFormat.MaxStanzas
                    ? ReadStanza(line[AgeFormat.StanzaPrefix.Length..])
                    : throw AgeException.Header($"it has more than {AgeFormat.MaxStanzas} recipients"));
            }
            else if (stanzas.Count != 0 && line.StartsWith(AgeFormat.MacPrefix))
            {
                var covered = _bytes[..(start + AgeFormat.MacPrefix.Length)].ToArray();
                return new AgeHeader(stanzas, covered, ReadMac(line[AgeFormat.MacPrefix.Length..]), _position);
            }
            else
            {
                throw AgeException.Header("a line in it is neither a recipient nor the last");
            }
        }
    }

    private AgeStanza ReadStanza(ReadOnlySpan<byte> line)
    {
        // Visible characters and single spaces: an argument that is empty, or a control character, is no argument.
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            throw AgeException.Header("a recipient in it has a character that is not allowed");
        }

        var arguments = Encoding.ASCII.GetString(line).Split(' ');
        return Array.TrueForAll(arguments, static argument => argument.Length != 0)
            ? new AgeStanza(arguments[0], arguments[1..], ReadBody())
            : throw AgeException.Header("a recipient in it has an empty argument");
    }

    private byte[] ReadBody()
    {
        var start = _position;
        ReadOnlySpan<byte> line;
        var text = new List<byte>();
        do
        {
            line = ReadLine();
            if (line.Length > AgeFormat.ColumnsPerLine)
            {
                throw AgeException.Header("a line in it is longer than it may be");
            }

            text.AddRange(line);
        }
        while (line.Length == AgeFormat.ColumnsPerLine);
        return AgeBase64.TryDecode(text.ToArray(), out var body)
            ? body
            : throw AgeException.Header($"what stands at byte {start} of it is not base64");
    }

    private static byte[] ReadMac(ReadOnlySpan<byte> text) =>
        text.Length > 1 && text[0] == ' ' && AgeBase64.TryDecode(text[1..], out var mac) && mac.Length == AgeFormat.KeySize
            ? mac
            : throw AgeException.Header("its last line is malformed");

    private ReadOnlySpan<byte> ReadLine()
    {
        var rest = _bytes[_position..];
        var length = rest[..Math.Min(rest.Length, AgeFormat.MaxLineLength)].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw AgeException.Header(rest.Length < AgeFormat.MaxLineLength ? "it ends too early, or is longer than it may be" : "a line in it is longer than it may be");
        }

        _position += length + 1;
        return rest[..length];
    }
}
