namespace SecureInference.Onnx.Admission.Cost;

/// <summary>What the largest run is estimated to cost.</summary>
/// <param name="PeakBytes">The most bytes of intermediate tensors that live at once.</param>
/// <param name="PeakPlace">The node at which they do.</param>
/// <param name="Flops">The floating-point operations.</param>
/// <param name="Rows">The rows that were assumed where the first dimension varies.</param>
internal sealed record RunCost(long PeakBytes, string PeakPlace, double Flops, int Rows);
