using System.Globalization;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What the process holds once everything that nobody refers to is gone, beside what pools keep for the next requests.</summary>
/// <remarks><see cref="Managed"/> leaves out the large objects: they are the arrays of a pool that keeps some of them per thread and says nothing when a thread ends. Those that are out are counted elsewhere.</remarks>
internal readonly record struct MemoryMark(long Managed, long Resident)
{
    private const int LargeObjects = 3;

    /// <param name="blocks">Bytes that Kestrel keeps.</param>
    /// <param name="arrays">Bytes that the pool of arrays keeps.</param>
    public static MemoryMark Take(long blocks = 0, long arrays = 0)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var large = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[LargeObjects];
        var managed = GC.GetTotalMemory(forceFullCollection: false) - (large.SizeAfterBytes - large.FragmentationAfterBytes);
        return new MemoryMark(managed - blocks, Environment.WorkingSet - blocks - arrays);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Managed >> 10} KiB managed, {Resident >> 20} MiB resident");
}
