namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Keeps records. One thread writes; disposal commits, signs and seals as far as the disk allows.</summary>
internal interface IAuditStore : IDisposable
{
    /// <summary>Gets how many records are known to be on disk. Any thread may ask. It may have grown although a commit threw.</summary>
    long CommittedSize { get; }

    /// <summary>Takes a record into memory and into the tree.</summary>
    /// <param name="record">1 to 1,048,576 bytes.</param>
    /// <returns>Its place in the log, from 0.</returns>
    long Append(ReadOnlySpan<byte> record);

    /// <summary>Writes what was appended, and does what is due: it signs, rotates, removes. Call it every second also when there is nothing new.</summary>
    /// <exception cref="IOException">The disk does not take it. Nothing unconfirmed is assumed to be written: the next call writes it into a new segment.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    void Commit();
}
