namespace SecureInference.Tool.Audit;

/// <summary>Adds what a log claims, which may be any number: at most the largest there is, and no failure.</summary>
internal static class SaturatingSum
{
    public static long Of(long one, long other) => (long)Int128.Clamp((Int128)one + other, long.MinValue, long.MaxValue);

    public static long Of(IEnumerable<long> numbers) => numbers.Aggregate(0L, Of);
}
