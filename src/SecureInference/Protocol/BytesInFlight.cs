using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace SecureInference.Protocol;

/// <summary>The bytes of bodies that are being read or worked on, by caller and in all: what many requests hold at once must not fill the memory.</summary>
internal sealed class BytesInFlight(IOptions<ProtocolOptions> options)
{
    private readonly long _max = options.Value.MaxBytesInFlight;
    private readonly long _maxOfCaller = options.Value.MaxCallerBytesInFlight;
    private readonly Lock _lock = new();

    // Only callers who hold any: it grows with the requests at once, not with the callers.
    private readonly Dictionary<string, long> _ofCallers = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>Gets the bytes of all requests, and the number of callers who hold any.</summary>
    public (long Total, int Callers) Held
    {
        get
        {
            lock (_lock)
            {
                return (_total, _ofCallers.Count);
            }
        }
    }

    /// <summary>Adds bytes to a share.</summary>
    /// <returns>Why they cannot be held at the moment. A request that is alone is held whatever its size.</returns>
    public InferenceError? TryAdd(string subject, long held, long more)
    {
        lock (_lock)
        {
            if (_total + more > _max && _total > held)
            {
                return InferenceErrors.TooManyBytesInFlight;
            }

            ref var ofCaller = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofCallers, subject, out _);
            if (ofCaller + more > _maxOfCaller && ofCaller > held)
            {
                return InferenceErrors.TooManyBytesOfCaller;
            }

            ofCaller += more;
            _total += more;
            return null;
        }
    }

    public void Remove(string subject, long bytes)
    {
        lock (_lock)
        {
            _total -= bytes;
            ref var ofCaller = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofCallers, subject, out _);
            ofCaller -= bytes;
            if (ofCaller == 0)
            {
                _ofCallers.Remove(subject);
            }
        }
    }
}
