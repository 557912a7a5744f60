namespace SecureInference;

/// <summary>A runner that waits for company: it is told of requests before they are there.</summary>
internal interface IQueuedModelRunner : IModelRunner
{
    /// <summary>Gets whether nobody behind it keeps a request or its answer once the run is over: both may serve again.</summary>
    bool ForgetsRequests => false;

    /// <summary>Says that a request is on its way in: its body is being read.</summary>
    void Announce();

    /// <summary>Says that a request that was announced is here, or does not come.</summary>
    void Withdraw();
}
