using System.Buffers.Binary;
using System.Text;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>A message in protobuf's wire format, read without its schema.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _values = [];

    public ProtoMessage(ReadOnlySpan<byte> wire)
    {
        while (!wire.IsEmpty)
        {
            var key = Varint(ref wire);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _values.Add((field, Varint(ref wire), []));
                    break;
                case 1:
                    _values.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(wire), []));
                    wire = wire[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref wire);
                    _values.Add((field, 0, wire[..length].ToArray()));
                    wire = wire[length..];
                    break;
                case 5:
                    _values.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(wire), []));
                    wire = wire[4..];
                    break;
                default:
                    throw new InvalidDataException($"Protobuf has no wire type {key & 7}.");
            }
        }
    }

    public IEnumerable<ProtoMessage> All(int field) => Values(field).Select(static value => new ProtoMessage(value.Bytes));

    public ProtoMessage? Find(int field) => All(field).FirstOrDefault();

    public bool Has(int field) => Values(field).Any();

    public string Text(int field) => Encoding.UTF8.GetString(Values(field).Select(static value => value.Bytes).FirstOrDefault() ?? []);

    public string Hex(int field) => Convert.ToHexStringLower(Values(field).Select(static value => value.Bytes).FirstOrDefault() ?? []);

    public ulong Number(int field) => Values(field).Select(static value => value.Number).FirstOrDefault();

    private IEnumerable<(int Field, ulong Number, byte[] Bytes)> Values(int field) => _values.Where(value => value.Field == field);

    private static ulong Varint(ref ReadOnlySpan<byte> wire)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = wire[0];
            wire = wire[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
