using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>A session, and where it runs.</summary>
/// <param name="Session">The session; whoever holds this owns it.</param>
/// <param name="Device">One of <see cref="Devices"/>.</param>
/// <param name="Lanes">The runs that go on at once.</param>
internal sealed record OpenedSession(InferenceSession Session, string Device, int Lanes);
