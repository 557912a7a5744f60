using System.Buffers.Binary;
using System.Text;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Writes protobuf field by field, right or wrong, as a test wants it.</summary>
internal static class Proto
{
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    public static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    public static byte[] Bytes(int field, ReadOnlySpan<byte> value) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)value.Length), .. value];

    public static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public static byte[] Message(int field, params byte[][] parts) => Bytes(field, Join(parts));

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(static part => part)];

    public static byte[] Longs(params long[] values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(index * sizeof(long)), values[index]);
        }

        return bytes;
    }

    /// <summary>A model of one graph, with what else it holds.</summary>
    public static byte[] Model(byte[] graph, params byte[][] more) =>
        Join([Number(1, 8), Message(8, Number(2, 17)), Message(7, graph), .. more]);

    public static byte[] Graph(params byte[][] parts) => Join([Text(2, "g"), .. parts]);

    public static byte[] Node(string operatorType, string inputs, string outputs, params byte[][] more) => Message(1, NodeBody(operatorType, inputs, outputs, more));

    public static byte[] NodeBody(string operatorType, string inputs, string outputs, params byte[][] more) =>
        Join([.. Names(1, inputs), .. Names(2, outputs), Text(4, operatorType), .. more]);

    public static byte[] Domain(string domain) => Text(7, domain);

    public static byte[] Attribute(string name, params byte[][] value) => Message(5, [Text(1, name), .. value]);

    public static byte[] Input(string name, int type = 1, params long[] dims) => Message(11, Value(name, type, dims));

    public static byte[] Output(string name, int type = 1, params long[] dims) => Message(12, Value(name, type, dims));

    public static byte[] Value(string name, int type, params long[] dims) => Join(
        Text(1, name),
        Message(2, Message(1, Number(1, type), Message(2, [.. dims.Select(static dim => dim < 0 ? Message(1, Text(2, $"d{-dim}")) : Message(1, Number(1, dim)))]))));

    public static byte[] Tensor(string name, int type, long[] dims, params byte[][] data) =>
        Join([.. dims.Select(static dim => Number(1, dim)), Number(2, type), .. data, Text(8, name)]);

    public static byte[] Int64s(string name, params long[] values) => Message(5, Tensor(name, 7, [values.Length], Bytes(9, Longs(values))));

    public static byte[] External(string name, int type, long[] dims, params (string Key, string Value)[] entries) => Tensor(name, type, dims, ExternalData(entries));

    public static byte[] ExternalData(params (string Key, string Value)[] entries) =>
        Join([.. entries.Select(static entry => Message(13, Text(1, entry.Key), Text(2, entry.Value))), Number(14, 1)]);

    private static IEnumerable<byte[]> Names(int field, string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => Text(field, name));
}
