using System.Numerics;

namespace SecureInference.Protocol.Json;

/// <summary>A whole number that is written without a point or an exponent; the others are <see cref="JsonInteger"/>'s.</summary>
internal readonly struct IntegerElement<T> : IJsonElement<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static bool TryRead(in JsonNumber number, out T element)
    {
        var most = ulong.CreateTruncating(T.MaxValue);
        var isNegative = number.IsNegative && number.Mantissa != 0;

        // The lowest number of a signed type is one further from zero than the highest.
        var isInRange = isNegative ? T.MinValue != T.Zero && number.Mantissa <= most + 1 : number.Mantissa <= most;
        element = isNegative ? T.CreateTruncating(0 - number.Mantissa) : T.CreateTruncating(number.Mantissa);
        return isInRange && number.IsPlain && number.IsWhole;
    }
}
