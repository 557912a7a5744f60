namespace SecureInference;

/// <summary>The version of a model that a request began with, kept for it until it is disposed, once.</summary>
internal readonly struct ModelLease(ICheckedModelRunner model, ILeasedModel? leased, IReadOnlyList<string>? versions) : IDisposable
{
    public ICheckedModelRunner Model => model;

    /// <summary>Gets the numbers of all versions that are served beside this one, its own too.</summary>
    public IReadOnlyList<string> Versions => versions ?? [model.Metadata.Version];

    /// <summary>Takes a lease of what a catalog handed out.</summary>
    public static InferenceError? TryTake(IModelRunner runner, out ModelLease lease)
    {
        if (runner is IModelHandle handle)
        {
            return handle.TryLease(out lease);
        }

        // A catalog of somebody else's frees what it hands out when it likes.
        lease = new ModelLease(
            runner as ICheckedModelRunner ?? throw new InvalidOperationException("The catalog handed out a model without its checks."), leased: null, versions: null);
        return null;
    }

    public InferenceError? FindUnready() => leased?.FindUnready();

    public void Dispose() => leased?.Release();
}
