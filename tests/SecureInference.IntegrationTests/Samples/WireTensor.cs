using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>A tensor as the protocol carries it: its data are the bytes of the binary form.</summary>
internal sealed record WireTensor(string Name, string Datatype, long[] Shape, byte[] Data)
{
    public static WireTensor Of<T>(string name, string datatype, long[] shape, params T[] values)
        where T : unmanaged => new(name, datatype, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static WireTensor OfTexts(string name, long[] shape, params IEnumerable<string> texts) =>
        new(name, "BYTES", shape, [.. texts.SelectMany(static text => Prefixed(Encoding.UTF8.GetBytes(text)))]);

    public static WireTensor FromJson(JsonElement tensor)
    {
        var name = tensor.GetProperty("name").GetString()!;
        var datatype = tensor.GetProperty("datatype").GetString()!;
        var shape = tensor.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64()).ToArray();
        var data = tensor.GetProperty("data").EnumerateArray().SelectMany(element => Bits(datatype, element)).ToArray();
        return new WireTensor(name, datatype, shape, data);
    }

    public T[] Values<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data).ToArray();

    /// <summary>The elements as JSON, each written with all its digits.</summary>
    public string DataToJson() => $"[{string.Join(',', Datatype switch
    {
        "BOOL" => Data.Select(static value => value == 0 ? "false" : "true"),
        "INT8" => Texts<sbyte>(),
        "INT16" => Texts<short>(),
        "INT32" => Texts<int>(),
        "INT64" => Texts<long>(),
        "UINT8" => Texts<byte>(),
        "UINT16" => Texts<ushort>(),
        "UINT32" => Texts<uint>(),
        "UINT64" => Texts<ulong>(),
        "FP32" => Texts<float>(),
        "FP64" => Texts<double>(),
        "BYTES" => Strings().Select(static text => JsonSerializer.Serialize(text)),
        _ => throw new InvalidOperationException(Datatype + " has no JSON form."),
    })}]";

    private static byte[] Bits(string datatype, JsonElement element) => datatype switch
    {
        "BOOL" => [element.GetBoolean() ? (byte)1 : (byte)0],
        "INT8" => [(byte)element.GetSByte()],
        "UINT8" => [element.GetByte()],
        "INT16" => BitConverter.GetBytes(element.GetInt16()),
        "INT32" => BitConverter.GetBytes(element.GetInt32()),
        "INT64" => BitConverter.GetBytes(element.GetInt64()),
        "UINT16" => BitConverter.GetBytes(element.GetUInt16()),
        "UINT32" => BitConverter.GetBytes(element.GetUInt32()),
        "UINT64" => BitConverter.GetBytes(element.GetUInt64()),
        "FP32" => BitConverter.GetBytes(float.Parse(Number(element), CultureInfo.InvariantCulture)),
        "FP64" => BitConverter.GetBytes(double.Parse(Number(element), CultureInfo.InvariantCulture)),
        "BYTES" => Prefixed(Encoding.UTF8.GetBytes(element.GetString()!)),
        _ => throw new InvalidOperationException(datatype + " has no JSON form."),
    };

    private static string Number(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();

    private static byte[] Prefixed(byte[] element)
    {
        var prefixed = new byte[sizeof(int) + element.Length];
        BinaryPrimitives.WriteInt32LittleEndian(prefixed, element.Length);
        element.CopyTo(prefixed, sizeof(int));
        return prefixed;
    }

    private IEnumerable<string> Texts<T>()
        where T : unmanaged, IFormattable => Values<T>().Select(static value => value.ToString(null, CultureInfo.InvariantCulture));

    private List<string> Strings()
    {
        var texts = new List<string>();
        for (var start = 0; start < Data.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(Data.AsSpan(start));
            texts.Add(Encoding.UTF8.GetString(Data, start + sizeof(int), length));
            start += sizeof(int) + length;
        }

        return texts;
    }
}
