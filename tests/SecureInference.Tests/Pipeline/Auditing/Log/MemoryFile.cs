using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>An open file of a disk in memory.</summary>
internal sealed class MemoryFile(MemoryFolder folder, string name, MemoryNode node) : LogFile
{
    public override long Length => node.Content.Length;

    public override bool IsInPlace => folder.Files.TryGetValue(name, out var found) && found == node;

    public override int Read(Span<byte> buffer, long offset)
    {
        var count = (int)Math.Clamp(node.Content.Length - offset, 0, buffer.Length);
        node.Content.AsSpan((int)Math.Min(offset, node.Content.Length), count).CopyTo(buffer);
        return count;
    }

    public override void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            folder.Step("write", name);
        }
        catch (IOException) when (folder.WritesHalf)
        {
            node.Write(bytes[..(bytes.Length / 2)], offset);
            throw;
        }

        node.Write(bytes, offset);

        // The power may also go in the middle of a write: what then was not synced is there, torn or lost.
        folder.Step("written", name);
    }

    public override void Cut(long length)
    {
        folder.Step("cut", name);
        node.Cut(length);
    }

    public override void Sync()
    {
        folder.Step("fsync", name);
        node.Sync();
    }

    public override void Dispose()
    {
    }
}
