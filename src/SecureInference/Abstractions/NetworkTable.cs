using System.Security.Cryptography;

namespace SecureInference;

/// <summary>One word for each network that strangers come from, in a table of fixed size, so that no flood of addresses can grow it.</summary>
internal sealed class NetworkTable
{
    /// <summary>32 KiB of words; two networks that meet in one share it, which errs on the strict side.</summary>
    private const int Count = 4096;

    private readonly long[] _words = new long[Count];

    // A secret: otherwise an attacker could pick addresses that fall on a victim's word.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private long _loopback;

    /// <summary>Finds a network's word; loopback shares its own with nobody.</summary>
    public ref long Find(ClientNetwork network)
    {
        if (network.IsLoopback)
        {
            return ref _loopback;
        }

        var hash = (network.Prefix ^ _seed ^ (network.IsIPv6 ? 1UL << 63 : 0)) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93;
        return ref _words[(hash >> 40) % Count];
    }
}
