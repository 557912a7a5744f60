using System.Text;

namespace SecureInference.Tool.Tests.Models;

/// <summary>Files of a few bytes, by hand: the tool's tests need no more.</summary>
internal static class SmallModel
{
    /// <summary>Returns y = operator(x) for a float x of [batch, 4].</summary>
    public static byte[] Of(string operatorType, string input = "x", string doc = "") => Join(
        [0x08, 8],
        Field(8, [0x10, 17]),
        doc.Length == 0 ? [] : Text(6, doc),
        Field(7, Join(
            Field(1, Join(Text(1, input), Text(2, "y"), Text(4, operatorType))),
            Text(2, "g"),
            Field(11, Value(input)),
            Field(12, Value("y")))));

    /// <summary>Returns a tensor of 134,217,728 floats made of nothing.</summary>
    public static byte[] Bomb() => Join(
        [0x08, 8],
        Field(8, [0x10, 17]),
        Field(7, Join(
            Field(1, Join(Text(1, "s"), Text(2, "y"), Text(4, "ConstantOfShape"))),
            Text(2, "g"),
            Field(5, Join([0x08, 1, 0x10, 7], Field(9, [0, 0, 0, 8, 0, 0, 0, 0]), Text(8, "s"))),
            Field(12, Value("y")))));

    private static byte[] Value(string name) => Join(Text(1, name), Field(2, Field(1, Join([0x08, 1], Field(2, Join(Field(1, Text(2, "batch")), Field(1, [0x08, 4])))))));

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content)
    {
        Assert.InRange(content.Length, 0, 127);
        return [(byte)((field << 3) | 2), (byte)content.Length, .. content];
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(static part => part)];
}
