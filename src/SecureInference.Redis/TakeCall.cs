using System.Globalization;
using StackExchange.Redis;

namespace SecureInference.Redis;

/// <summary>What <see cref="BucketScripts.Take"/> is given and answers.</summary>
internal static class TakeCall
{
    private const int ArgumentsOfDemand = 6;
    private const int AnswersOfDemand = 7;

    /// <summary>Takes from a bucket that is never short.</summary>
    public static readonly RedisValue[] Probe = ["probe", 0, 1_000_000, 1, 1, 0];

    public static RedisValue[] Arguments(ReadOnlySpan<SharedDemand> demands, LeaseRequest? lease)
    {
        var arguments = new RedisValue[demands.Length * ArgumentsOfDemand];
        for (var index = 0; index < demands.Length; index++)
        {
            var demand = demands[index];
            var line = arguments.AsSpan(index * ArgumentsOfDemand, ArgumentsOfDemand);
            line[0] = demand.Bucket;
            line[1] = demand.IsDaily ? 1 : 0;
            line[2] = demand.Limit;
            line[3] = PerMicrosecond(demand);
            line[4] = demand.Tokens - (lease?.Reserved(index) ?? 0);
            line[5] = lease?.Extra(index) ?? 0;
        }

        return arguments;
    }

    public static double PerMicrosecond(SharedDemand demand) =>
        demand.IsDaily ? 0 : demand.TokensPerPeriod / demand.Period.TotalMicroseconds;

    /// <summary>Writes the answers into the demands.</summary>
    /// <exception cref="InvalidCastException">They are none of the script's.</exception>
    public static SharedOutcome Read(RedisResult result, ReadOnlySpan<SharedDemand> demands, LeaseRequest? lease)
    {
        if ((RedisValue[]?)result is not { } answers || answers.Length != 1 + (demands.Length * AnswersOfDemand))
        {
            throw new InvalidCastException("The script's answer has another shape.");
        }

        var time = (long)answers[0];
        var outcome = SharedOutcome.Taken;
        for (var index = 0; index < demands.Length; index++)
        {
            var demand = demands[index];
            var line = answers.AsSpan(1 + (index * AnswersOfDemand), AnswersOfDemand);
            demand.Left = (long)line[0];
            demand.UntilNext = Microseconds(line[1]);
            demand.Wait = Microseconds(line[2]);
            demand.IsShort = (long)line[3] != 0;
            demand.Receipt = new SharedReceipt(time, Number(line[4]), Number(line[5]));
            lease?.Grant(index, (long)line[6]);
            outcome = demand.IsShort ? SharedOutcome.Short : outcome;
        }

        return outcome;
    }

    private static TimeSpan Microseconds(RedisValue value) => new((long)value * TimeSpan.TicksPerMicrosecond);

    private static double Number(RedisValue value) => double.Parse((string?)value ?? "", CultureInfo.InvariantCulture);
}
