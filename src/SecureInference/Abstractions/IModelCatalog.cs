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
    /// <param name="runner">The model found: it checks what it is given against the model's signature, and queues.</param>
    /// <returns><see langword="false"/> where there is none.</returns>
    bool TryGet(string name, string? version, [NotNullWhen(true)] out IModelRunner? runner);
}
