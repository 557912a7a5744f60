namespace SecureInference;

/// <summary>Keeps the buckets that several nodes share.</summary>
internal interface ISharedLimits
{
    /// <summary>Gets how many nodes share the limits: where the store cannot be asked, each keeps its part.</summary>
    int ExpectedNodes { get; }

    /// <summary>Takes from buckets of one owner, from all of them or from none, and says where each stands.</summary>
    /// <param name="owner">Whose they are: a caller's subject, or a name of this library's own with a prefix that no subject has.</param>
    /// <param name="demands">One for each bucket; the answer is written into them.</param>
    /// <returns>What became of it, after the configured timeout at the latest.</returns>
    ValueTask<SharedOutcome> TakeAsync(string owner, ReadOnlyMemory<SharedDemand> demands);

    /// <summary>Gives back what was taken, as far as it has not come back by itself. Nobody waits for it: what it needs of the demands it copies before it returns.</summary>
    void GiveBack(string owner, ReadOnlyMemory<SharedDemand> demands);
}
