using System.Globalization;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What the process holds once everything that nobody refers to is gone, beside what it keeps in a pool.</summary>
internal readonly record struct MemoryMark(long Managed, long Resident)
{
    /// <param name="pooled">Bytes that a pool keeps, and that do not count.</param>
    public static MemoryMark Take(long pooled)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new MemoryMark(GC.GetTotalMemory(forceFullCollection: false) - pooled, Environment.WorkingSet - pooled);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Managed >> 10} KiB managed, {Resident >> 20} MiB resident");
}
