using System.Globalization;
using SecureInference.Protocol;

namespace SecureInference.Tests.Protocol;

/// <summary>Our own writing of floats gives, byte for byte, what the platform's formatter gives.</summary>
public class FloatTextTests
{
    /// <summary>With SECUREINFERENCE_SOAK=1, a hundred million.</summary>
    private static readonly int Count = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? 100_000_000 : 1_000_000;

    [Fact]
    public void Write_EveryExponentAtItsBorders_EqualsThePlatforms()
    {
        for (var exponent = 0u; exponent < byte.MaxValue; exponent++)
        {
            for (var step = 0u; step < 100; step++)
            {
                AssertEqual(BitConverter.UInt32BitsToSingle((exponent << 23) | step));
                AssertEqual(-BitConverter.UInt32BitsToSingle((exponent << 23) | (0x7F_FFFF - step)));
            }
        }
    }

    [Fact]
    public void Write_ShortDecimals_EqualsThePlatforms()
    {
        for (var number = 0; number < 20_000; number++)
        {
            for (var power = -12; power <= 12; power++)
            {
                AssertEqual((float)(number * Math.Pow(10, power)));
            }
        }
    }

    [Fact]
    public void Write_RandomFloats_EqualsThePlatforms()
    {
        var dice = new Dice(23);
        for (var count = 0; count < Count; count++)
        {
            var bits = dice.NextBits();
            AssertEqual(BitConverter.UInt32BitsToSingle((uint)bits));
            AssertEqual((uint)(bits >> 32) / (float)uint.MaxValue);
        }
    }

    private static void AssertEqual(float value)
    {
        if (!float.IsFinite(value))
        {
            return;
        }

        Span<byte> expected = stackalloc byte[FloatText.MaxLength];
        Span<byte> text = stackalloc byte[FloatText.MaxLength];
        Assert.True(value.TryFormat(expected, out var length, default, CultureInfo.InvariantCulture));

        Assert.True(text[..FloatText.Write(value, text)].SequenceEqual(expected[..length]), value.ToString(CultureInfo.InvariantCulture));
    }
}
