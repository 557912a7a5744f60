namespace SecureInference;

/// <summary>Something without which requests are not answered as they should be: a store that cannot be read any more, say.</summary>
internal interface IReadinessCheck
{
    /// <summary>Returns why requests cannot be served at the moment; it is asked at every probe, and its detail is shown to strangers.</summary>
    InferenceError? Find();

    /// <summary>Returns why requests are served worse than they should be, from an old copy say; it is shown to strangers.</summary>
    string? FindDegradation() => null;

    /// <summary>Adds what the app's own health endpoint may tell operators, by name.</summary>
    void Describe(IDictionary<string, object> data)
    {
    }
}
