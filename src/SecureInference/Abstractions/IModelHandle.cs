namespace SecureInference;

/// <summary>What a catalog hands out: it stays valid while versions come and go behind it.</summary>
internal interface IModelHandle : IModelRunner
{
    /// <summary>Takes the version in force, for one request.</summary>
    /// <returns>Why there is none any more.</returns>
    InferenceError? TryLease(out ModelLease lease);
}
