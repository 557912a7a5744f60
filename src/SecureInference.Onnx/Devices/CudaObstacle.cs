namespace SecureInference.Onnx.Devices;

/// <summary>Why no GPU can be asked for at all.</summary>
/// <param name="Why">What is missing.</param>
/// <param name="Remedy">What to do, as a sentence without its end.</param>
/// <param name="IsWanted">Whether the operator has set up a GPU: its absence is a failure then, and else the way of most servers.</param>
internal sealed record CudaObstacle(string Why, string Remedy, bool IsWanted);
