namespace SecureInference.Tool.Models;

/// <summary>What <c>model scan --json</c> prints; names and shapes are a contract.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Policy">The policy that it was judged by.</param>
/// <param name="Refused">Whether a server with this policy refuses it.</param>
/// <param name="Findings">What was found.</param>
/// <param name="HasMore">Whether there is more than this.</param>
internal sealed record ScannedModel(string File, string Policy, bool Refused, IReadOnlyList<ScannedFinding> Findings, bool HasMore);
