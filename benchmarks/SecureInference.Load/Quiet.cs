using System.Diagnostics;
using System.Globalization;

namespace SecureInference.Load;

/// <summary>Measures again what others of the machine have disturbed, a few times at most, and takes the time that was disturbed least.</summary>
internal sealed class Quiet(CancellationToken cancellationToken)
{
    private const int MostTries = 4;

    /// <summary>The share of the processors that others may take.</summary>
    private const double Undisturbed = 0.1;

    private const double TicksPerSecond = 100;

    /// <summary>Gets the share of the processors that others took in each measurement that was kept.</summary>
    public List<double> Others { get; } = [];

    /// <param name="measure">What is measured.</param>
    /// <param name="own">The processor time of its processes.</param>
    public T Run<T>(Func<T> measure, Func<TimeSpan> own)
    {
        var best = (Share: double.MaxValue, Value: default(T)!);
        for (var tries = 0; tries < MostTries && best.Share > Undisturbed; tries++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, before) = (Stopwatch.GetTimestamp(), OthersTime(own));
            var value = measure();
            var share = (OthersTime(own) - before) / (Stopwatch.GetElapsedTime(start) * Environment.ProcessorCount);
            best = share < best.Share ? (share, value) : best;
        }

        Others.Add(best.Share);
        return best.Value;
    }

    private static TimeSpan OthersTime(Func<TimeSpan> own)
    {
        // The line "cpu": user, nice, system, idle, iowait, irq, softirq, steal. Interrupts are left out: those of the network are our own.
        using var stat = File.OpenText("/proc/stat");
        var fields = stat.ReadLine()?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var busy = fields[1..9].Where(static (_, index) => index is not (>= 3 and <= 6)).Sum(static field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(busy / TicksPerSecond) - own();
    }
}
