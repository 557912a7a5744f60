namespace SecureInference.Runtime;

/// <summary>How full one version of a model is at the moment; read without a lock, for whoever draws a curve of it.</summary>
internal interface IQueueReading
{
    ModelMetadata Metadata { get; }

    /// <summary>Gets the requests that wait.</summary>
    int Waiting { get; }

    int Lanes { get; }

    int BusyLanes { get; }
}
