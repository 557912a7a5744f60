using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing;

/// <summary>What a record says of an answer's tensors, kept until the record is written: the answer itself is given back before.</summary>
internal sealed class TensorNote
{
    private byte[] _bytes = [];
    private int _length;
    private byte[]? _commitment;
    private bool _isCommitted;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Gets the commitment to the elements, where there is one.</summary>
    public ReadOnlySpan<byte> Commitment => _isCommitted ? _commitment : [];

    public void Clear()
    {
        _length = 0;
        _isCommitted = false;
    }

    /// <summary>Commits to the elements while they are there, where the log keeps payloads.</summary>
    /// <returns><see langword="false"/> where there is no room for it, and the request must be refused.</returns>
    public bool TryCommit(AuditLog log, byte direction, RequestName request, Caller? caller, IReadOnlyList<Tensor>? tensors)
    {
        if (log.Payloads is not { } payloads || tensors is not { Count: > 0 })
        {
            return true;
        }

        _commitment ??= new byte[AuditFormat.HashBytes];
        _isCommitted = payloads.TryKeep(direction, request, caller?.Subject ?? "", tensors, _commitment);
        return _isCommitted || log.MayDrop;
    }

    public void Set(IReadOnlyList<Tensor>? tensors)
    {
        if (tensors is not { Count: > 0 })
        {
            return;
        }

        Span<byte> list = stackalloc byte[AuditFormat.MaxTensorListBytes];
        _length = AuditTensorList.Write(tensors, list);
        if (_bytes.Length < _length)
        {
            _bytes = new byte[_length];
        }

        list[.._length].CopyTo(_bytes);
    }
}
