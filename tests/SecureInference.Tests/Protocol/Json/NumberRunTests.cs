using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SecureInference.Protocol.Json;

namespace SecureInference.Tests.Protocol.Json;

/// <summary>Our own reading of numbers gives, bit for bit, what the platform's parser gives, and takes no number that JSON does not know.</summary>
public class NumberRunTests
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>With SECUREINFERENCE_SOAK=1, a hundred million.</summary>
    private static readonly int Count = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? 10_000_000 : 100_000;

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0e5")]
    [InlineData("0e999999999999")]
    [InlineData("1e-999999999999")]
    [InlineData("1e999999999999")]
    [InlineData("16777217")]
    [InlineData("16777219")]
    [InlineData("16777217.0000000000000000000000001")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992.5")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("9999999999999999999")]
    [InlineData("99999999999999999999")]
    [InlineData("0.00000000000000000000000000000000000000000000140129846432481707")]
    [InlineData("7.006492321624085354618e-46")]
    [InlineData("7.006492321624085354619e-46")]
    [InlineData("1.17549421e-38")]
    [InlineData("1.1754943508222875e-38")]
    [InlineData("3.4028234663852886e38")]
    [InlineData("340282346638528860000000000000000000000")]
    [InlineData("340282356779733661637539395458142568447")]
    [InlineData("340282356779733661637539395458142568448")]
    [InlineData("3.4028236e38")]
    [InlineData("1e39")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("1.7976931348623159e308")]
    [InlineData("4.9406564584124654e-324")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("2.4703282292062328e-324")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("1e22")]
    [InlineData("1e23")]
    [InlineData("1e-22")]
    [InlineData("1e-23")]
    [InlineData("0.1")]
    [InlineData("0.30000001192092896")]
    [InlineData("1.00000017881393421514957253748434595763683319091796875001")]
    [InlineData("1.00000017881393432617187499")]
    [InlineData("8.5899346E+9")]
    [InlineData("123456789012345678901234567890e-20")]
    public void Read_TrickyNumber_EqualsThePlatforms(string number) => AssertEqual(number);

    [Fact]
    public void Read_RandomNumbers_EqualThePlatforms()
    {
        var dice = new Dice(5);
        for (var count = 0; count < Count; count++)
        {
            var single = BitConverter.UInt32BitsToSingle((uint)dice.NextBits());
            var usual = (dice.Next(int.MaxValue) / (double)int.MaxValue) - 0.5;
            AssertEqual(single.ToString("R", Invariant), mayBeNone: true);
            AssertEqual(((double)single).ToString("R", Invariant), mayBeNone: true);
            AssertEqual(BitConverter.UInt64BitsToDouble(dice.NextBits()).ToString("R", Invariant), mayBeNone: true);
            AssertEqual(usual.ToString("R", Invariant));
            AssertEqual(((float)usual).ToString("R", Invariant));
            AssertEqual(((double)(float)usual).ToString("R", Invariant));
            AssertEqual(string.Create(Invariant, $"{(dice.Next(2) == 0 ? "-" : "")}{dice.NextBits() >> dice.Next(64)}e{dice.Next(100) - 60}"));
        }
    }

    [Fact]
    public void Read_NumbersAroundTheBorderOfTwoFloats_EqualThePlatforms()
    {
        var dice = new Dice(7);
        for (var count = 0; count < Count; count++)
        {
            var lower = BitConverter.UInt32BitsToSingle(0x3000_0000 + (uint)dice.Next(0x2000_0000));
            var border = ((double)lower + MathF.BitIncrement(lower)) / 2;
            AssertEqual(border.ToString("R", Invariant));
            AssertEqual(Math.BitIncrement(border).ToString("R", Invariant));
            AssertEqual(Math.BitDecrement(border).ToString("R", Invariant));
            AssertEqual(border.ToString("F30", Invariant) + "1");
        }
    }

    [Theory]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("00")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("5.")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.5.5")]
    [InlineData("1e5.5")]
    [InlineData("1_000")]
    [InlineData("0x10")]
    [InlineData("1f")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("[1")]
    [InlineData("")]
    [InlineData("12/")]
    [InlineData("1234567:")]
    [InlineData("12345678;")]
    public void Read_WhatIsNoNumber_LeavesItToTheReaderOfTokens(string text)
    {
        Span<float> elements = [7, 7];

        var length = NumberRun.Read(Encoding.ASCII.GetBytes($" , 1.5 ,{text},2]"), TensorDataType.Float32, MemoryMarshal.AsBytes(elements), out var read);

        Assert.Equal((6, sizeof(float)), (length, read));
        Assert.Equal([1.5f, 0], elements.ToArray());
    }

    [Theory]
    [InlineData(",1,2", 2)]
    [InlineData(",1,2 ", 4)]
    [InlineData(",1,", 2)]
    [InlineData(",1]", 2)]
    [InlineData(",1],[2]", 2)]
    [InlineData("", 0)]
    [InlineData("]", 0)]
    [InlineData(" \r\n\t", 0)]
    [InlineData("\n,\t1\r, 2\n]", 8)]
    public void Read_TextThatEnds_EndsBehindTheLastWholeNumber(string text, int expected)
    {
        var length = NumberRun.Read(Encoding.ASCII.GetBytes(text), TensorDataType.Int32, new byte[64], out _);

        Assert.Equal(expected, length);
    }

    [Fact]
    public void Read_MoreNumbersThanRoom_FillsTheRoom()
    {
        var elements = new short[2];

        var length = NumberRun.Read(",1,-2,3]"u8, TensorDataType.Int16, MemoryMarshal.AsBytes(elements.AsSpan()), out var read);

        Assert.Equal((5, 4), (length, read));
        Assert.Equal([1, -2], elements);
    }

    [Theory]
    [InlineData(TensorDataType.Int8, "-128", "127", "-129", "128")]
    [InlineData(TensorDataType.UInt8, "0", "255", "-1", "256")]
    [InlineData(TensorDataType.Int16, "-32768", "32767", "-32769", "32768")]
    [InlineData(TensorDataType.UInt16, "-0", "65535", "-1", "65536")]
    [InlineData(TensorDataType.Int32, "-2147483648", "2147483647", "-2147483649", "2147483648")]
    [InlineData(TensorDataType.UInt32, "0", "4294967295", "-1", "4294967296")]
    [InlineData(TensorDataType.Int64, "-9223372036854775808", "9223372036854775807", "-9223372036854775809", "9223372036854775808")]
    [InlineData(TensorDataType.UInt64, "0", "9999999999999999999", "-1", "18446744073709551616")]
    public void Read_WholeNumbers_TakesTheTypesRangeAlone(TensorDataType type, string lowest, string highest, string below, string above)
    {
        var memory = new byte[sizeof(long)];

        foreach (var number in new[] { lowest, highest })
        {
            NumberRun.Read(Encoding.ASCII.GetBytes($",{number}]"), type, memory.AsSpan(0, type.GetElementSize()), out var read);
            Assert.Equal(type.GetElementSize(), read);
            Assert.Equal(Int128.Parse(number, Invariant), Value(type, memory));
        }

        foreach (var number in new[] { below, above, "1.0", "1e0" })
        {
            NumberRun.Read(Encoding.ASCII.GetBytes($",{number}]"), type, memory.AsSpan(0, type.GetElementSize()), out var read);
            Assert.Equal(0, read);
        }
    }

    private static Int128 Value(TensorDataType type, ReadOnlySpan<byte> memory) => type switch
    {
        TensorDataType.Int8 => (sbyte)memory[0],
        TensorDataType.UInt8 => memory[0],
        TensorDataType.Int16 => MemoryMarshal.Read<short>(memory),
        TensorDataType.UInt16 => MemoryMarshal.Read<ushort>(memory),
        TensorDataType.Int32 => MemoryMarshal.Read<int>(memory),
        TensorDataType.UInt32 => MemoryMarshal.Read<uint>(memory),
        TensorDataType.Int64 => MemoryMarshal.Read<long>(memory),
        _ => MemoryMarshal.Read<ulong>(memory),
    };

    private static void AssertEqual(string number, bool mayBeNone = false)
    {
        Span<byte> text = stackalloc byte[400];
        var length = Encoding.ASCII.GetBytes($",{number}]", text);
        var token = text[1..(length - 1)];
        if (mayBeNone && !char.IsAsciiDigit(number[^1]))
        {
            // NaN and the infinities have other spellings.
            return;
        }

        Span<float> singles = [0];
        Span<double> doubles = [0];
        NumberRun.Read(text[..length], TensorDataType.Float32, MemoryMarshal.AsBytes(singles), out var singleBytes);
        NumberRun.Read(text[..length], TensorDataType.Float64, MemoryMarshal.AsBytes(doubles), out var doubleBytes);

        Assert.True(Utf8Parser.TryParse(token, out float single, out var used) && used == token.Length, number);
        Assert.True(Utf8Parser.TryParse(token, out double whole, out used) && used == token.Length, number);
        Assert.True((singleBytes != 0) == float.IsFinite(single) && (doubleBytes != 0) == double.IsFinite(whole), number);
        Assert.True(singleBytes == 0 || BitConverter.SingleToUInt32Bits(singles[0]) == BitConverter.SingleToUInt32Bits(single), number);
        Assert.True(doubleBytes == 0 || BitConverter.DoubleToUInt64Bits(doubles[0]) == BitConverter.DoubleToUInt64Bits(whole), number);
    }
}
