using System.Diagnostics.CodeAnalysis;

namespace SecureInference;

/// <summary>The models that are served.</summary>
public interface IModelCatalog
{
    /// <summary>Gets every model, in the order of their names.</summary>
    IReadOnlyList<IModelRunner> Models { get; }

    /// <summary>Finds a model.</summary>
    /// <param name="name">The model's name; case matters.</param>
    /// <param name="version">The version, or <see langword="null"/> for the one that the catalog prefers.</param>
    /// <param name="runner">The model found: it checks what it is given against the model's signature, and queues. It may be kept: it runs the version that is in force.</param>
    /// <returns><see langword="false"/> where there is none.</returns>
    bool TryGet(string name, string? version, [NotNullWhen(true)] out IModelRunner? runner);

    /// <summary>Loads a model's files anew beside what serves, and puts what was loaded in its place. Requests in flight end with the version that they began with.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="cancellationToken">Ends the wait; the reload goes on.</param>
    /// <returns>What was done. A version that cannot be loaded is no exception: the one before it goes on.</returns>
    Task<ModelReload> ReloadAsync(string name, CancellationToken cancellationToken = default);
}
