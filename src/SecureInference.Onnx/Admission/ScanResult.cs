using SecureInference.Onnx.Admission.Cost;

namespace SecureInference.Onnx.Admission;

/// <summary>What a scan found, and what a run is estimated to cost.</summary>
/// <param name="Report">The findings.</param>
/// <param name="Cost">The cost of the largest run, where it could be estimated.</param>
internal sealed record ScanResult(AdmissionReport Report, RunCost? Cost);
