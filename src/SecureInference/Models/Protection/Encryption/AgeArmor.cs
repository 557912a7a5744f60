using System.Buffers;
using System.Buffers.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads age files that were written as text, between a line that begins and a line that ends them.</summary>
internal sealed class AgeArmor
{
    /// <summary>The first bytes of a file that tell whether it is armored: white space may stand before the first line.</summary>
    public const int MaxPreamble = 1024;

    private const int BytesPerLine = 48;
    private const int BufferSize = 64 * 1024;

    private readonly Stream _content;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _position;
    private int _filled;

    private AgeArmor(Stream content) => _content = content;

    private static ReadOnlySpan<byte> BeginLine => "-----BEGIN AGE ENCRYPTED FILE-----"u8;

    private static ReadOnlySpan<byte> EndLine => "-----END AGE ENCRYPTED FILE-----"u8;

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    public static bool Begins(ReadOnlySpan<byte> firstBytes) => firstBytes.TrimStart(WhiteSpace).StartsWith(BeginLine);

    /// <summary>Returns the file that the text stands for; it is still encrypted.</summary>
    /// <exception cref="AgeException">The text is malformed.</exception>
    public static Task<byte[]> ReadAsync(Stream content, CancellationToken cancellationToken) => new AgeArmor(content).ReadAsync(cancellationToken);

    private async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken);
        SkipWhiteSpace();
        await FillAsync(cancellationToken);
        if (!ReadLine().SequenceEqual(BeginLine))
        {
            throw Malformed("does not begin with its first line");
        }

        using var decoded = new MemoryStream();
        var isLast = false;
        while (true)
        {
            await FillAsync(cancellationToken);
            var line = ReadLine();
            if (line.SequenceEqual(EndLine))
            {
                break;
            }

            // Only the last line is shorter than the others.
            isLast = !isLast ? Decode(line, decoded) < BytesPerLine : throw Malformed("has a short line before its last");
        }

        await RequireNothingAsync(cancellationToken);
        return decoded.ToArray();
    }

    private static int Decode(ReadOnlySpan<byte> line, MemoryStream decoded)
    {
        Span<byte> bytes = stackalloc byte[BytesPerLine];
        if (line.Length is 0 or > AgeFormat.ColumnsPerLine
            || line.ContainsAny(WhiteSpace)
            || Base64.DecodeFromUtf8(line, bytes, out var consumed, out var length) != OperationStatus.Done
            || consumed != line.Length)
        {
            throw Malformed("has a line that is not base64");
        }

        Span<byte> again = stackalloc byte[AgeFormat.ColumnsPerLine];
        Base64.EncodeToUtf8(bytes[..length], again, out _, out var written);
        if (!line.SequenceEqual(again[..written]))
        {
            throw Malformed("has a line that is not spelt as it must be");
        }

        decoded.Write(bytes[..length]);
        return length;
    }

    private async Task RequireNothingAsync(CancellationToken cancellationToken)
    {
        for (var skipped = 0; skipped <= MaxPreamble;)
        {
            await FillAsync(cancellationToken);
            if (_position == _filled)
            {
                return;
            }

            skipped += SkipWhiteSpace();
            if (_position < _filled)
            {
                break;
            }
        }

        throw Malformed("goes on after its last line");
    }

    private int SkipWhiteSpace()
    {
        var rest = _buffer.AsSpan(_position.._filled);
        var skipped = rest.Length - rest.TrimStart(WhiteSpace).Length;
        _position += skipped;
        return skipped;
    }

    /// <summary>Takes a line from the buffer, which holds more than one line may have.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        var rest = _buffer.AsSpan(_position.._filled);
        var length = rest.IndexOf((byte)'\n');
        _position += length < 0 ? rest.Length : length + 1;
        var line = length < 0 ? rest : rest[..length];
        return line.Length != 0 && line[^1] == '\r' ? line[..^1] : line;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_filled - _position >= MaxPreamble)
        {
            return;
        }

        _buffer.AsSpan(_position.._filled).CopyTo(_buffer);
        (_position, _filled) = (0, _filled - _position);
        _filled += await _content.ReadAtLeastAsync(_buffer.AsMemory(_filled), _buffer.Length - _filled, throwOnEndOfStream: false, cancellationToken);
    }

    private static AgeException Malformed(string what) => new(AgeFailure.Armor, $"its text {what}");
}
