using System.Security.Cryptography;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Buckets of callers who are not known, found by network: a table of fixed size, so that no flood of addresses can grow it.</summary>
internal sealed class NetworkBuckets
{
    /// <summary>32 KiB of buckets; two networks that meet in one share it, which errs on the strict side.</summary>
    private const int Count = 4096;

    private readonly long[] _buckets = new long[Count];

    // A secret: otherwise an attacker could pick addresses that fall on a victim's bucket.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public ref long Find(ClientNetwork network)
    {
        var hash = (network.Prefix ^ _seed ^ (network.IsIPv6 ? 1UL << 63 : 0)) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93;
        return ref _buckets[(hash >> 40) % Count];
    }
}
