using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>When each key was last used, kept over readings of the store.</summary>
internal sealed class ApiKeyLastUses(IOptions<ApiKeyOptions> options)
{
    private readonly bool _isKept = options.Value.LastUseFile is { Length: > 0 };
    private readonly ConcurrentDictionary<string, ApiKeyLastUse> _uses = new(StringComparer.Ordinal);

    /// <summary>Returns where the uses of a key are noted, or <see langword="null"/> where nobody asked for that.</summary>
    public ApiKeyLastUse? Get(string id) => _isKept ? _uses.GetOrAdd(id, static _ => new ApiKeyLastUse()) : null;

    /// <summary>Returns the keys that were used.</summary>
    public Dictionary<string, DateTimeOffset> Snapshot()
    {
        var used = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (id, use) in _uses)
        {
            if (use.Hour is { } hour)
            {
                used[id] = hour;
            }
        }

        return used;
    }
}
