using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SecureInference.Protocol.Json;

namespace SecureInference.Tests.Protocol.Json;

public class JsonIntegerTests
{
    [Theory]
    [InlineData("0.0", 0)]
    [InlineData("-0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("0e5", 0)]
    [InlineData("0.000e-7", 0)]
    [InlineData("1e3", 1000)]
    [InlineData("1E+3", 1000)]
    [InlineData("100e-2", 1)]
    [InlineData("1.50e1", 15)]
    [InlineData("0.0001e4", 1)]
    [InlineData("-12.500e1", -125)]
    [InlineData("1.0000000000000000000000000000000000000", 1)]
    [InlineData("9007199254740993.0", 9007199254740993)]
    [InlineData("-9223372036854775808.0", long.MinValue)]
    [InlineData("9.223372036854775807e18", long.MaxValue)]
    [InlineData("9223372036854775807000e-3", long.MaxValue)]
    public void TryRead_WholeNumberHoweverWritten_IsExact(string text, long expected)
    {
        var isRead = TryRead(text, TensorDataType.Int64, out var value);

        Assert.True(isRead);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e-30")]
    [InlineData("0.1e-2147483648")]
    [InlineData("1.5e-2147483648")]
    [InlineData("10e2147483647")]
    [InlineData("1e2147483647")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1e-99999999999999999999")]
    [InlineData("12345e-1")]
    [InlineData("9223372036854775807.5")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("-9223372036854775808.1")]
    [InlineData("18446744073709551616")]
    [InlineData("1e19")]
    [InlineData("1e38")]
    [InlineData("1e39")]
    [InlineData("170141183460469231731687303715884105728")]
    [InlineData("340282366920938463463374607431768211457")]
    public void TryRead_NotAnInt64_IsRefused(string text)
    {
        var isRead = TryRead(text, TensorDataType.Int64, out _);

        Assert.False(isRead);
    }

    [Theory]
    [InlineData(TensorDataType.Int8, "-128", "127")]
    [InlineData(TensorDataType.Int16, "-32768", "32767")]
    [InlineData(TensorDataType.Int32, "-2147483648", "2147483647")]
    [InlineData(TensorDataType.Int64, "-9223372036854775808", "9223372036854775807")]
    [InlineData(TensorDataType.UInt8, "0", "255")]
    [InlineData(TensorDataType.UInt16, "0", "65535")]
    [InlineData(TensorDataType.UInt32, "0", "4294967295")]
    [InlineData(TensorDataType.UInt64, "0", "18446744073709551615")]
    public void TryRead_AtTheEdgesOfEachType_TakesWhatFitsAndNothingElse(TensorDataType type, string least, string most)
    {
        var beyond = new[]
        {
            (BigInteger.Parse(least, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture),
            (BigInteger.Parse(most, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
        };

        foreach (var suffix in new[] { "", ".0", "e0", ".0e-0", ".00E+0" })
        {
            Assert.True(TryRead(least + suffix, type, out _), least + suffix);
            Assert.True(TryRead(most + suffix, type, out _), most + suffix);
            Assert.All(beyond, text => Assert.False(TryRead(text + suffix, type, out _), text + suffix));
        }
    }

    [Fact]
    public void TryRead_AnyWriting_AgreesWithExactArithmetic()
    {
        var dice = new Dice(7);
        for (var round = 0; round < 50_000; round++)
        {
            var whole = (dice.NextBits() >> dice.Next(64)).ToString(CultureInfo.InvariantCulture);
            var fraction = dice.Next(3) == 0 ? "" : "." + new string('0', dice.Next(4)) + (dice.NextBits() >> (40 + dice.Next(24))) + new string('0', dice.Next(4));
            var exponent = dice.Next(3) == 0 ? "" : $"e{dice.Next(48) - 24}";
            var text = dice.Pick("-", "") + whole + fraction + exponent;

            var isRead = TryRead(text, TensorDataType.Int64, out var value);

            var isWhole = TryExact(text, out var exact) && exact >= long.MinValue && exact <= long.MaxValue;
            Assert.True(isRead == isWhole && (!isRead || value == (long)exact), text);
        }
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("null")]
    public void TryRead_NoNumber_IsRefused(string token) => Assert.False(TryRead(token, TensorDataType.Int64, out _));

    private static bool TryRead(string json, TensorDataType type, out long value)
    {
        var element = new byte[8];
        var reader = new Utf8JsonReader(Wire.Utf8(json));
        reader.Read();
        var isRead = JsonInteger.TryRead(ref reader, type, element.AsSpan(0, type.GetElementSize()));
        value = BinaryPrimitives.ReadInt64LittleEndian(element);
        return isRead;
    }

    private static bool TryExact(string text, out BigInteger value)
    {
        var parts = text.Split('e');
        var exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        var mantissa = parts[0].Split('.');
        exponent -= mantissa.Length == 1 ? 0 : mantissa[1].Length;
        var digits = BigInteger.Parse(string.Concat(mantissa), CultureInfo.InvariantCulture);
        var divisor = exponent < 0 ? BigInteger.Pow(10, -exponent) : BigInteger.One;
        value = exponent >= 0 ? digits * BigInteger.Pow(10, exponent) : digits / divisor;
        return value * divisor == digits || exponent >= 0;
    }
}
