using StackExchange.Redis;

namespace SecureInference.Redis;

/// <summary>What <see cref="BucketScripts.GiveBack"/> is given.</summary>
internal static class GiveBackCall
{
    private const int ArgumentsOfDemand = 7;

    /// <summary>Returns the arguments for what was taken from Redis; none where nothing was.</summary>
    public static RedisValue[] Arguments(ReadOnlySpan<SharedDemand> demands)
    {
        var count = 0;
        foreach (var demand in demands)
        {
            count += IsOfRedis(demand) ? 1 : 0;
        }

        var arguments = count == 0 ? [] : new RedisValue[count * ArgumentsOfDemand];
        var at = 0;
        foreach (var demand in demands)
        {
            if (IsOfRedis(demand))
            {
                var line = arguments.AsSpan(at, ArgumentsOfDemand);
                line[0] = demand.Bucket;
                line[1] = demand.IsDaily ? 1 : 0;
                line[2] = TakeCall.PerMicrosecond(demand);
                line[3] = demand.Tokens;
                line[4] = demand.Receipt.Time;
                line[5] = demand.Receipt.Missing;
                line[6] = demand.Receipt.GivenBack;
                at += ArgumentsOfDemand;
            }
        }

        return arguments;
    }

    // The receipt of a lease has a time below zero, and that of nothing has none.
    private static bool IsOfRedis(SharedDemand demand) => demand.Tokens > 0 && demand.Receipt.Time > 0;
}
