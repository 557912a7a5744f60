using System.Buffers.Binary;
using System.Globalization;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Names a request: what is random for the process, and a number. Unlike a trace id, no caller can choose it.</summary>
internal readonly record struct RequestName(ulong Process, ulong Number)
{
    public const int Bytes = 16;
    private const int ProcessDigits = 16;

    public static RequestName Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[sizeof(ulong)..]));

    public static bool TryParse(ReadOnlySpan<char> text, out RequestName name)
    {
        name = default;
        if (text.Length <= ProcessDigits + 1 || text[ProcessDigits] != '-' || text.ContainsAnyInRange('A', 'F')
            || !ulong.TryParse(text[..ProcessDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var process)
            || !ulong.TryParse(text[(ProcessDigits + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        name = new RequestName(process, number);
        return true;
    }

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, Process);
        BinaryPrimitives.WriteUInt64BigEndian(target[sizeof(ulong)..], Number);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Process:x16}-{Number}");
}
