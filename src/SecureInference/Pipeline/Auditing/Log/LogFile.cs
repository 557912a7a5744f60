namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>One open file of the log.</summary>
internal abstract class LogFile : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Reads up to what there is.</summary>
    public abstract int Read(Span<byte> buffer, long offset);

    public abstract void Write(ReadOnlySpan<byte> bytes, long offset);

    public abstract void Cut(long length);

    public abstract void Sync();

    /// <summary>Says whether the file is still found under its name; one that was deleted takes writes as before, and they are lost.</summary>
    public abstract bool IsInPlace { get; }

    public abstract void Dispose();
}
