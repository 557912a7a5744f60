using System.Collections.Concurrent;

namespace SecureInference;

/// <summary>One <see cref="CallerState"/> per subject, so that a rotated key or a reloaded store mints nothing.</summary>
/// <remarks>Subjects come from the key store, never from a request: their number is bounded by that file.</remarks>
internal sealed class CallerStates
{
    private readonly ConcurrentDictionary<string, CallerState> _states = new(StringComparer.Ordinal);

    public CallerState Get(string subject) => _states.GetOrAdd(subject, static _ => new CallerState());
}
