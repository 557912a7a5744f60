namespace SecureInference;

/// <summary>What became of a demand on buckets that nodes share.</summary>
internal enum SharedOutcome
{
    /// <summary>Every bucket held enough, and all was taken.</summary>
    Taken,

    /// <summary>A bucket held too little, and nothing was taken; the demands say which and how long to wait.</summary>
    Short,

    /// <summary>The store cannot be asked: each node keeps its share of the limits.</summary>
    Local,

    /// <summary>The store cannot be asked: nothing passes.</summary>
    FailClosed,

    /// <summary>The store cannot be asked: everything passes.</summary>
    FailOpen,
}
