using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Writes fields to be hashed: each after its length, each list after its count, so that none can run into the next.</summary>
internal sealed class FieldWriter
{
    private const int Missing = -1;
    private readonly ArrayBufferWriter<byte> _writer = new();

    public ReadOnlySpan<byte> Written => _writer.WrittenSpan;

    public void Append(string? field)
    {
        Append32(field is null ? Missing : Encoding.UTF8.GetByteCount(field));
        if (field is not null)
        {
            Encoding.UTF8.GetBytes(field, _writer);
        }
    }

    public void Append(IReadOnlyList<string> fields)
    {
        Append32(fields.Count);
        foreach (var field in fields)
        {
            Append(field);
        }
    }

    public void Append(long? number)
    {
        Append32(number is null ? Missing : sizeof(long));
        if (number is { } value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_writer.GetSpan(sizeof(long)), value);
            _writer.Advance(sizeof(long));
        }
    }

    public void Append(DateTimeOffset? time) => Append(time?.UtcTicks);

    private void Append32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_writer.GetSpan(sizeof(int)), value);
        _writer.Advance(sizeof(int));
    }
}
