namespace SecureInference.Pipeline.Auditing.Tree;

/// <summary>Neighbouring leaves, whose root is one hash of a proof.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">One beyond the last.</param>
internal readonly record struct TreeSpan(long Start, long End);
