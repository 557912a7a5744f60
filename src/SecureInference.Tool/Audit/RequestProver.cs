using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;
using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Tool.Audit;

/// <summary>Proves all records of one request, in one walk through a log that is checked on the way.</summary>
internal sealed class RequestProver(AuditedFolder folder, LogProgress progress)
{
    // A decision, an outcome, one that amends it, erasures.
    private const int MaxRecords = 64;

    /// <returns>The proofs; none where no signed record is of the request.</returns>
    /// <exception cref="LogFailedException">The log does not verify.</exception>
    public IReadOnlyList<InclusionProof> Prove(string requestId)
    {
        var contents = folder.Reading(() => LogContents.Read(folder.Disk, folder.Trusted));
        if (contents.Failure is { } failure)
        {
            throw new LogFailedException(failure);
        }

        return contents.Checkpoint is { } checkpoint && contents.Headers is [{ } first, ..] && Find(requestId, first.FirstSequence, checkpoint.Size) is { Count: > 0 } sequences
            ? Prove(sequences, checkpoint, first)
            : [];
    }

    private List<long> Find(string requestId, long first, long size)
    {
        var found = new List<long>();
        progress.Run("Searching", visitor => folder.Reading(() => new LogReader(folder.Disk).Read(first, (sequence, record, leaf) =>
        {
            visitor(sequence, record, leaf);
            if (sequence < size && found.Count < MaxRecords && AuditRecordReader.TryRead(record, sequence, out var read) is null && read?.RequestId == requestId)
            {
                found.Add(sequence);
            }
        })));
        return found;
    }

    private InclusionProof[] Prove(List<long> sequences, SignedCheckpoint checkpoint, SegmentHeader first)
    {
        using var hasher = new TreeHasher();
        var hashers = sequences.ConvertAll(sequence => new ProofHasher(hasher, ProofPlan.Inclusion(sequence, checkpoint.Size), first.FirstSequence, first.Range));
        var records = new byte[sequences.Count][];
        var verification = progress.Run("Checking", visitor => folder.Verify(
            (sequence, record, leaf) =>
            {
                visitor(sequence, record, leaf);
                foreach (var proof in hashers)
                {
                    proof.Add(sequence, leaf);
                }

                if (sequences.IndexOf(sequence) is >= 0 and var index)
                {
                    records[index] = record.ToArray();
                }
            },
            [checkpoint.Checkpoint]));
        return verification.Failure is { } failure
            ? throw new LogFailedException(failure)
            : [.. sequences.Select((sequence, index) => new InclusionProof(records[index], sequence, hashers[index].Finish(), checkpoint))];
    }
}
