using System.Runtime.InteropServices;

namespace SecureInference.Tests.Abstractions;

public sealed class TensorTests
{
    private static readonly float[] OneAndMinusTwo = [1f, -2f];

    [Fact]
    public void Create_Floats_HoldsThemLittleEndianAndRowMajor()
    {
        var tensor = Tensor.Create<float>("x", [2, 1], OneAndMinusTwo);

        Assert.Equal("0000803F000000C0", Convert.ToHexString(tensor.Data.Span));
        Assert.Equal([2L, 1L], tensor.Shape.ToArray());
        Assert.Equal(2, tensor.ElementCount);
        Assert.Equal(OneAndMinusTwo, tensor.GetValues<float>().ToArray());
    }

    [Fact]
    public void Create_EveryElementType_HasItsTypeAndSize()
    {
        Require<bool>(TensorDataType.Bool);
        Require<sbyte>(TensorDataType.Int8);
        Require<short>(TensorDataType.Int16);
        Require<int>(TensorDataType.Int32);
        Require<long>(TensorDataType.Int64);
        Require<byte>(TensorDataType.UInt8);
        Require<ushort>(TensorDataType.UInt16);
        Require<uint>(TensorDataType.UInt32);
        Require<ulong>(TensorDataType.UInt64);
        Require<Half>(TensorDataType.Float16);
        Require<float>(TensorDataType.Float32);
        Require<double>(TensorDataType.Float64);

        static void Require<T>(TensorDataType type)
            where T : unmanaged
        {
            var tensor = Tensor.Create<T>("x", [3], new T[3]);
            Assert.Equal(type, tensor.DataType);
            Assert.Equal(3 * type.GetElementSize(), tensor.Data.Length);
        }
    }

    [Fact]
    public void Create_TypeThatTheProtocolLacks_Throws() =>
        Assert.Throws<NotSupportedException>(() => Tensor.Create<decimal>("x", [1], new decimal[1]));

    [Fact]
    public void Create_NoDimensions_IsAScalar() => Assert.Equal(1, Tensor.Create<int>("x", [], [7]).ElementCount);

    [Theory]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 2, 2 })]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { -2 })]
    [InlineData(new long[] { -2, -1 })]
    [InlineData(new long[] { -1, -1, 2 })]
    public void Create_ShapeThatIsNotTheValues_Throws(long[] shape) =>
        Assert.ThrowsAny<ArgumentException>(() => Tensor.Create<float>("x", shape, OneAndMinusTwo));

    [Fact]
    public void Create_ShapeWhoseProductWrapsAround_Throws() =>
        Assert.Throws<OverflowException>(() => Tensor.Create<float>("x", [1L << 32, 1L << 32], []));

    [Fact]
    public void GetValues_AnotherType_ThrowsAndNamesBoth()
    {
        var tensor = Tensor.Create<float>("x", [2], OneAndMinusTwo);

        var exception = Assert.Throws<InvalidOperationException>(() => tensor.GetValues<uint>().ToArray());

        Assert.Equal("Tensor 'x' holds FP32, not UInt32.", exception.Message);
    }

    [Fact]
    public void GetStrings_TextOfEveryLengthOfUtf8_ComesBack()
    {
        string[] texts = ["", "a", "ä€𝄞", "nul\0inside"];

        var tensor = Tensor.Create("x", [2, 2], texts);

        Assert.Equal(TensorDataType.Bytes, tensor.DataType);
        Assert.Equal("00000000" + "0100000061", Convert.ToHexString(tensor.Data.Span[..9]));
        Assert.Equal(texts, tensor.GetStrings());
    }

    [Fact]
    public void GetStrings_Numbers_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Tensor.Create<float>("x", [2], OneAndMinusTwo).GetStrings());

    [Fact]
    public void Dispose_RentedTensor_LeavesNoPayloadInThePool()
    {
        var tensor = Tensor.Rent("x", TensorDataType.UInt8, [100], 100, out var data);
        data.Span.Fill(0xAB);
        MemoryMarshal.TryGetArray<byte>(data, out var rented);

        new InferenceRequest(tensor).Dispose();

        Assert.DoesNotContain((byte)0xAB, rented.Array!);
        Assert.True(tensor.Data.IsEmpty);
    }

    [Fact]
    public void Dispose_Twice_GivesTheMemoryBackOnce()
    {
        var tensor = Tensor.Rent("x", TensorDataType.UInt8, [100], 100, out _);

        using (var request = new InferenceRequest(tensor))
        {
            request.Dispose();
        }

        Tensor.Rent("a", TensorDataType.UInt8, [100], 100, out var first);
        Tensor.Rent("b", TensorDataType.UInt8, [100], 100, out var second);
        Assert.False(first.Span.Overlaps(second.Span));
    }

    [Fact]
    public void ProtocolName_EveryType_ReadsBack()
    {
        foreach (var type in Enum.GetValues<TensorDataType>())
        {
            var name = System.Text.Encoding.ASCII.GetBytes(type.ToProtocolName());

            Assert.True(TensorDataTypeExtensions.TryParseProtocolName(name, out var read));
            Assert.Equal(type, read);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("fp32")]
    [InlineData("FP32 ")]
    [InlineData("FP8")]
    [InlineData("STRING")]
    public void ProtocolName_UnknownName_IsNotFound(string name) =>
        Assert.False(TensorDataTypeExtensions.TryParseProtocolName(System.Text.Encoding.ASCII.GetBytes(name), out _));
}
