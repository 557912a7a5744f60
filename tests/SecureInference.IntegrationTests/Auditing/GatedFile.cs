using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A file that is synced only while a gate is open.</summary>
internal sealed class GatedFile(LogFile inner, ManualResetEventSlim gate) : LogFile
{
    public override long Length => inner.Length;

    public override bool IsInPlace => inner.IsInPlace;

    public override int Read(Span<byte> buffer, long offset) => inner.Read(buffer, offset);

    public override void Write(ReadOnlySpan<byte> bytes, long offset) => inner.Write(bytes, offset);

    public override void Cut(long length) => inner.Cut(length);

    public override void Sync()
    {
        gate.Wait();
        inner.Sync();
    }

    public override void Dispose() => inner.Dispose();
}
