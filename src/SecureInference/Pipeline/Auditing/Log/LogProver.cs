using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Makes proofs from a log, which it checks on the way.</summary>
internal sealed class LogProver(LogFolder folder, IReadOnlyList<CheckpointKey> trusted)
{
    /// <summary>Gets who is told of the bytes that are done, and of all.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Proves that a record is in the log that the newest checkpoint signs.</summary>
    /// <param name="sequence">The record's place.</param>
    /// <param name="failure">What is wrong with the log, if anything is.</param>
    /// <returns>The proof; <see langword="null"/> where the log is not whole, or the record is not there, or not signed yet.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public InclusionProof? Prove(long sequence, out LogFailure? failure)
    {
        var contents = LogContents.Read(folder, trusted);
        failure = contents.Failure;
        if (failure is not null || contents.Checkpoint is not { } checkpoint || contents.Headers is not [{ } first, ..]
            || sequence < first.FirstSequence || sequence >= checkpoint.Size)
        {
            return null;
        }

        using var hasher = new TreeHasher();
        var proof = new ProofHasher(hasher, ProofPlan.Inclusion(sequence, checkpoint.Size), first.FirstSequence, first.Range);
        byte[] found = [];
        failure = new LogVerifier(folder, trusted)
        {
            // What retention removes meanwhile is missing then; the checkpoint must still be one of this log.
            Known = [checkpoint.Checkpoint],
            AllowsUnfinishedTail = true,
            Progress = Progress,
            Visitor = (at, record, leaf) =>
            {
                proof.Add(at, leaf);
                found = at == sequence ? record.ToArray() : found;
            },
        }.Verify().Failure;
        return failure is null ? new InclusionProof(found, sequence, proof.Finish(), checkpoint) : null;
    }
}
