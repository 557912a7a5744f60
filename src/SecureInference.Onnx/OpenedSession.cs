using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx;

/// <summary>A session, and what belongs to its device.</summary>
/// <param name="Session">The session; whoever holds this owns it.</param>
/// <param name="Host">Where its inputs lie before a run.</param>
/// <param name="Arena">The device's arena, as the session's runs name it when they shrink it.</param>
internal sealed record OpenedSession(InferenceSession Session, HostMemory Host, string Arena) : IDisposable
{
    public void Dispose()
    {
        // The memory is the session's: it goes first.
        Host.Dispose();
        Session.Dispose();
    }
}
