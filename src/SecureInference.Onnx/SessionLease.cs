namespace SecureInference.Onnx;

/// <summary>The right to use a lane; disposed once, by whoever rented it.</summary>
internal readonly struct SessionLease(SessionPool pool, DeviceLanes device, Lane lane) : IDisposable
{
    public Lane Lane => lane;

    public void Dispose() => pool.Return(device, lane);
}
