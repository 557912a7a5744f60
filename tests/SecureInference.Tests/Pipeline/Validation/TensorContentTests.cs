using SecureInference.Pipeline.Validation;

namespace SecureInference.Tests.Pipeline.Validation;

public sealed class TensorContentTests
{
    private static readonly ModelMetadata Strict = SomeModel.Of(new ModelLimits(8, 1000, 64, AllowNonFinite: false));
    private static readonly ModelMetadata Lenient = SomeModel.Of(new ModelLimits(8, 1000, 64, AllowNonFinite: true));

    public static TheoryData<TensorDataType, string> NonFinite => new()
    {
        { TensorDataType.Float16, "007C" },
        { TensorDataType.Float16, "00FC" },
        { TensorDataType.Float16, "017C" },
        { TensorDataType.Float16, "FFFF" },
        { TensorDataType.BFloat16, "807F" },
        { TensorDataType.BFloat16, "80FF" },
        { TensorDataType.BFloat16, "C07F" },
        { TensorDataType.BFloat16, "817F" },
        { TensorDataType.Float32, "0000807F" },
        { TensorDataType.Float32, "000080FF" },
        { TensorDataType.Float32, "0100807F" },
        { TensorDataType.Float32, "0000C0FF" },
        { TensorDataType.Float64, "000000000000F07F" },
        { TensorDataType.Float64, "000000000000F0FF" },
        { TensorDataType.Float64, "010000000000F07F" },
        { TensorDataType.Float64, "000000000000F8FF" },
    };

    public static TheoryData<TensorDataType, string> Finite => new()
    {
        { TensorDataType.Float16, "FF7B" },
        { TensorDataType.Float16, "FFFB" },
        { TensorDataType.BFloat16, "7F7F" },
        { TensorDataType.BFloat16, "7FFF" },
        { TensorDataType.Float32, "FFFF7F7F" },
        { TensorDataType.Float32, "01000080" },
        { TensorDataType.Float64, "FFFFFFFFFFFFEF7F" },
        { TensorDataType.Float64, "FFFFFFFFFFFFEFFF" },
        { TensorDataType.UInt32, "FFFFFFFF" },
        { TensorDataType.Int64, "FFFFFFFFFFFFFFFF" },
        { TensorDataType.Int16, "FFFF" },
    };

    [Theory]
    [MemberData(nameof(NonFinite))]
    public void Check_OneNumberThatIsNotFiniteAtAnyPlace_IsFound(TensorDataType type, string bytes)
    {
        var bad = Convert.FromHexString(bytes);
        for (var length = 1; length <= 67; length++)
        {
            for (var place = 0; place < length; place++)
            {
                var data = new byte[length * bad.Length];
                bad.CopyTo(data, place * bad.Length);

                Assert.Equal("input 'x' holds a number that is not finite", Check(Strict, type, length, data)?.Detail);
                Assert.Null(Check(Lenient, type, length, data));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Finite))]
    public void Check_LargestFiniteNumbers_Pass(TensorDataType type, string bytes)
    {
        for (var length = 1; length <= 67; length++)
        {
            var data = Enumerable.Repeat(Convert.FromHexString(bytes), length).SelectMany(static element => element).ToArray();

            Assert.Null(Check(Strict, type, length, data));
        }
    }

    [Fact]
    public void Check_BoolByteOtherThanZeroAndOne_IsFoundAtAnyPlace()
    {
        for (var place = 0; place < 67; place++)
        {
            foreach (byte bad in new[] { 2, 0x7F, 0x80, 0xFF })
            {
                var data = new byte[67];
                data[66 - place] = 1;
                Assert.Null(Check(Lenient, TensorDataType.Bool, 67, data));

                data[place] = bad;
                Assert.NotNull(Check(Lenient, TensorDataType.Bool, 67, data));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(400)]
    public void Check_DataThatIsNotWhatTheShapeNeeds_NamesBoth(int length) =>
        Assert.Equal($"input 'x' has {length} bytes of data; its shape needs 4", Check(Strict, TensorDataType.Float32, 1, new byte[length])?.Detail);

    [Theory]
    [InlineData(0, "", true)]
    [InlineData(1, "00000000", true)]
    [InlineData(2, "0100000061" + "00000000", true)]
    [InlineData(0, "00000000", false)]
    [InlineData(1, "", false)]
    [InlineData(2, "0100000061", false)]
    [InlineData(1, "0100000061" + "00000000", false)]
    [InlineData(1, "010000006100", false)]
    [InlineData(1, "0200000061", false)]
    [InlineData(1, "FFFFFFFF", false)]
    [InlineData(1, "FFFFFF7F61", false)]
    [InlineData(1, "000000", false)]
    public void Check_Bytes_MustBeTheElementsOfTheShape(int count, string data, bool expected) =>
        Assert.Equal(expected, Check(Strict, TensorDataType.Bytes, count, Convert.FromHexString(data)) is null);

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Check_LongBytes_AreBounded(int length, bool expected)
    {
        var tensor = Tensor.Create("x", [1], [new string('a', length)]);

        Assert.Equal(expected, TensorContent.Check(Strict, tensor) is null);
    }

    private static InferenceError? Check(ModelMetadata model, TensorDataType type, int count, byte[] data) =>
        TensorContent.Check(model, new Tensor("x", type, [count], data, rented: null));
}
