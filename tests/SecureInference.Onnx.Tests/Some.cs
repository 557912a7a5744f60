using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

/// <summary>Tensors for tests that do not care which.</summary>
internal static class Some
{
    /// <summary>One row a <paramref name="seed"/>, each number of its own.</summary>
    public static Tensor Floats(string name, int rows, int columns, float seed = 0) => Tensor.Create<float>(
        name, [rows, columns], [.. Enumerable.Range(0, rows * columns).Select(index => seed + (index / 8f))]);

    public static Tensor Ints(string name, int rows, int columns, int seed = 0) => Tensor.Create<int>(
        name, [rows, columns], [.. Enumerable.Range(seed, rows * columns)]);

    /// <summary>A tensor X of shape [2, 2] with elements that differ in every byte they can.</summary>
    public static Tensor OfType(OnnxType type) => type switch
    {
        OnnxType.Bool => Create(true, false, false, true),
        OnnxType.Int8 => Create<sbyte>(sbyte.MinValue, -1, 2, sbyte.MaxValue),
        OnnxType.Int16 => Create<short>(short.MinValue, -1, 0x0102, short.MaxValue),
        OnnxType.Int32 => Create(int.MinValue, -1, 0x01020304, int.MaxValue),
        OnnxType.Int64 => Create(long.MinValue, -1, 0x0102030405060708, long.MaxValue),
        OnnxType.UInt8 => Create<byte>(0, 1, 0x80, byte.MaxValue),
        OnnxType.UInt16 => Create<ushort>(0, 1, 0x8001, ushort.MaxValue),
        OnnxType.UInt32 => Create<uint>(0, 1, 0x80010203, uint.MaxValue),
        OnnxType.UInt64 => Create<ulong>(0, 1, 0x8001020304050607, ulong.MaxValue),
        OnnxType.Float16 => Create((Half)1.5f, Half.Epsilon, Half.MinValue, Half.MaxValue),
        OnnxType.Float => Create(1.5f, float.Epsilon, float.MinValue, -0f),
        OnnxType.Double => Create(1.5, double.Epsilon, double.MinValue, -0d),
        OnnxType.String => Tensor.Create("X", [2, 2], ["", "a", "ä€𝄞", "with\0zero"]),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static Tensor Create<T>(params T[] values)
        where T : unmanaged => Tensor.Create<T>("X", [2, 2], values);
}
