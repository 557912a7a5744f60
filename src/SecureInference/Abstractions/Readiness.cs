namespace SecureInference;

/// <summary>Says whether requests can be served at the moment.</summary>
internal sealed class Readiness(DrainState drain, IEnumerable<IReadinessCheck> checks)
{
    private readonly IReadinessCheck[] _checks = [.. checks];

    /// <summary>Returns why not, or <see langword="null"/> where they can.</summary>
    public InferenceError? Find()
    {
        if (drain.IsDraining)
        {
            return InferenceErrors.Draining;
        }

        foreach (var check in _checks)
        {
            if (check.Find() is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Returns why they are served worse than they should be.</summary>
    public string? FindDegradation()
    {
        foreach (var check in _checks)
        {
            if (check.FindDegradation() is { } degradation)
            {
                return degradation;
            }
        }

        return null;
    }

    /// <summary>Returns what the app's own health endpoint may tell operators.</summary>
    public IReadOnlyDictionary<string, object> Describe()
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var check in _checks)
        {
            check.Describe(data);
        }

        return data;
    }
}
