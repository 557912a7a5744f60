using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>Commits to payloads on the request's own thread, where they lie, and hands salts and payloads to the writer.</summary>
internal sealed class PayloadKeeper(PayloadFolder folder, PayloadForm form, CallerKeys? keys, long maxQueueBytes) : IDisposable
{
    private readonly PayloadQueue _queue = new(maxQueueBytes);

    // The writer writes, and so does whoever erases, so that nothing of what is to go is still queued.
    private readonly Lock _writing = new();
    private readonly List<ReadOnlyMemory<byte>> _first = [];

    /// <summary>Commits to tensors, and keeps what belongs to it.</summary>
    /// <returns><see langword="false"/> where there is no room for it at the moment.</returns>
    public bool TryKeep(byte direction, RequestName request, string caller, IReadOnlyList<Tensor> tensors, Span<byte> commitment)
    {
        var size = keys is null ? 0 : form.SizeOf(tensors);
        var length = PayloadEntry.HeaderBytes + (keys is null ? 0 : size + CallerKeys.Overhead);
        if (!_queue.TryRent(length, out var memory))
        {
            return false;
        }

        var entry = memory.AsSpan(0, length);
        var tag = PayloadEntry.TagOf(caller);
        PayloadEntry.Begin(entry, direction, request, tag);
        form.Commit(tensors, entry.Slice(PayloadEntry.SaltOffset, PayloadEntry.SaltBytes), commitment);
        if (keys is not null)
        {
            form.Write(tensors, entry[(PayloadEntry.HeaderBytes + CallerKeys.NonceBytes)..]);
            keys.Encrypt(tag, Bound(entry), entry[PayloadEntry.HeaderBytes..], size);
        }

        _queue.Enqueue(memory, length);
        return true;
    }

    /// <summary>Writes what is queued. For the writer, before it commits the records that name it; where it throws, it may be called again.</summary>
    public void Write(bool syncs)
    {
        lock (_writing)
        {
            while (_queue.TryPeek(_first))
            {
                folder.Append(_first);
                _queue.Free(_first.Count);
            }
        }

        if (syncs)
        {
            folder.Sync();
        }
    }

    /// <summary>Reads the payloads of a request that are kept and were not erased.</summary>
    public IReadOnlyList<(byte Direction, byte[] Salt, byte[]? Payload)> Find(RequestName request)
    {
        var name = new byte[RequestName.Bytes];
        request.Write(name);
        return [.. folder.Find(name).Select(entry => (
            entry[PayloadEntry.StateOffset + 1],
            entry[PayloadEntry.SaltOffset..PayloadEntry.HeaderBytes],
            entry.Length == PayloadEntry.HeaderBytes ? null : keys?.Decrypt(entry.AsSpan(PayloadEntry.TagOffset, PayloadEntry.TagBytes), Bound(entry), entry.AsSpan(PayloadEntry.HeaderBytes))))];
    }

    public int EraseRequest(RequestName request)
    {
        Write(syncs: false);
        var name = new byte[RequestName.Bytes];
        request.Write(name);
        return folder.Erase(header => header.AsSpan(PayloadEntry.RequestOffset, name.Length).SequenceEqual(name));
    }

    public int EraseCaller(string caller)
    {
        Write(syncs: false);
        var tag = PayloadEntry.TagOf(caller);
        keys?.Erase(tag);
        return folder.Erase(header => header.AsSpan(PayloadEntry.TagOffset, tag.Length).SequenceEqual(tag));
    }

    public void Dispose() => folder.Dispose();

    /// <summary>What the cipher text is bound to: it is of this request and direction, and no other.</summary>
    private static ReadOnlySpan<byte> Bound(ReadOnlySpan<byte> entry) => entry.Slice(PayloadEntry.StateOffset + 1, PayloadEntry.SaltOffset - PayloadEntry.StateOffset - 1);
}
