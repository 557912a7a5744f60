namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>A file's bytes, as programs see them and as the disk has them.</summary>
internal sealed class MemoryNode
{
    private readonly List<(long Offset, byte[]? Bytes)> _unsynced = [];

    public byte[] Content { get; set; } = [];

    public byte[] Synced { get; set; } = [];

    public bool IsReadOnly { get; set; }

    public long Birth { get; init; }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        _unsynced.Add((offset, bytes.ToArray()));
        Content = Put(Content, bytes, offset);
    }

    public void Cut(long length)
    {
        _unsynced.Add((length, null));
        Content = Content[..(int)length];
    }

    public void Sync()
    {
        Synced = Content;
        _unsynced.Clear();
    }

    /// <summary>Each write that was not synced is there, or torn, or lost; what was appended behind a lost one is lost with it.</summary>
    public MemoryNode AfterPowerCut(Dice dice)
    {
        var content = Synced;
        foreach (var (offset, bytes) in _unsynced)
        {
            var fate = dice.Next(4);
            if (fate == 0)
            {
                break;
            }

            if (bytes is null)
            {
                content = content[..(int)Math.Min(offset, content.Length)];
                continue;
            }

            if (fate == 1)
            {
                content = Put(content, bytes, offset);
                continue;
            }

            // Torn: a beginning of it, with or without the length of the whole.
            var kept = bytes[..dice.Next(bytes.Length + 1)];
            content = Put(content, fate == 2 ? kept : [.. kept, .. new byte[bytes.Length - kept.Length]], offset);
            break;
        }

        return new MemoryNode { Content = content, Synced = content, IsReadOnly = IsReadOnly && dice.Next(2) == 0, Birth = Birth };
    }

    private static byte[] Put(byte[] content, ReadOnlySpan<byte> bytes, long offset)
    {
        var put = new byte[Math.Max(content.Length, offset + bytes.Length)];
        content.CopyTo(put, 0);
        bytes.CopyTo(put.AsSpan((int)offset));
        return put;
    }
}
