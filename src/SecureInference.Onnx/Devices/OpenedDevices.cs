namespace SecureInference.Onnx.Devices;

/// <summary>Where a model runs, and why there.</summary>
/// <param name="Sessions">One for each device; whoever holds this owns them.</param>
/// <param name="Kind">The processors, or GPUs.</param>
/// <param name="Name">The devices, as operators read it: <c>Cpu</c>, <c>Cuda:0,1</c>.</param>
/// <param name="Lanes">The runs that go on at once in each session.</param>
/// <param name="Reason">Why these.</param>
internal sealed record OpenedDevices(IReadOnlyList<OpenedSession> Sessions, DeviceKind Kind, string Name, int Lanes, string Reason)
{
    /// <summary>Gets why this is not what the operator wants; it is shown to strangers.</summary>
    public string? Degradation { get; init; }
}
