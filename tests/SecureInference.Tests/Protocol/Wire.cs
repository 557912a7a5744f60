using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference.Tests.Protocol;

/// <summary>Bytes as clients send them.</summary>
internal static class Wire
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Join(params IReadOnlyList<byte[]> parts) => [.. parts.SelectMany(static part => part)];

    public static byte[] Numbers<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    /// <summary>Strings in the protocol's binary form.</summary>
    public static byte[] Strings(params IReadOnlyList<byte[]> values) => Join([.. values.SelectMany(static value => new[] { Length(value.Length), value })]);

    public static byte[] Length(int length)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    /// <summary>A request with one input "x".</summary>
    public static byte[] Input(string datatype, string shape, string data, string rest = "") => Utf8(
        $$"""{"inputs":[{"name":"x","datatype":"{{datatype}}","shape":{{shape}},"data":{{data}}}]{{rest}}}""");

    /// <summary>A request to <see cref="TestSupport.FakeModel.Echo"/> that is fine.</summary>
    public static byte[] Good(string rest = "") => Input("FP32", "[1,4]", "[1,2,3,4]", rest);

    /// <summary>The JSON of a request with one binary input "x".</summary>
    public static string BinaryHead(string datatype, string shape, string size, string rest = "") =>
        $$$"""{"inputs":[{"name":"x","datatype":"{{{datatype}}}","shape":{{{shape}}},"parameters":{"binary_data_size":{{{size}}}}}]{{{rest}}}}""";
}
