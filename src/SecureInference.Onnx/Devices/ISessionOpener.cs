namespace SecureInference.Onnx.Devices;

/// <summary>Opens sessions on one device or another; what is chosen is none of its business.</summary>
internal interface ISessionOpener
{
    /// <summary>Looks whether there is a GPU to ask for.</summary>
    /// <returns>Why not, or <see langword="null"/>; only opening a session proves that it works.</returns>
    CudaObstacle? LookForCuda();

    /// <exception cref="ModelLoadException">The model cannot be used; the message says why and what to do.</exception>
    OpenedSession OpenOnCpu(ModelContent content, CancellationToken cancellationToken);

    /// <param name="content">The model.</param>
    /// <param name="card">The GPU's number.</param>
    /// <param name="allowCpu">Whether operators that the GPU does not have may run on the CPU.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="Exception">The session does not open there, for whatever reason.</exception>
    OpenedSession OpenOnCuda(ModelContent content, int card, bool allowCpu, CancellationToken cancellationToken);
}
