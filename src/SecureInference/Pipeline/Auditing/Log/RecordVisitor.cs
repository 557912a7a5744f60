namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Sees one record of a log; the memory is used again afterwards.</summary>
/// <param name="sequence">Its place in the log, from 0.</param>
/// <param name="record">The record.</param>
/// <param name="leaf">Its hash in the tree; empty where only records are read.</param>
internal delegate void RecordVisitor(long sequence, ReadOnlySpan<byte> record, ReadOnlySpan<byte> leaf);
