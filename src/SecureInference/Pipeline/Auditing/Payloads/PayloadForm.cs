using System.Buffers;
using System.Security.Cryptography;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing.Payloads;

/// <summary>The canonical bytes of tensors: for each, what a record says of it, then its elements. A tensor that is left out keeps its place, without elements.</summary>
internal sealed class PayloadForm(IEnumerable<string> redacted)
{
    private const int MaxHeaderBytes = AuditFormat.MaxTensorListBytes;
    private readonly HashSet<string> _redacted = new(redacted, StringComparer.Ordinal);

    public int SizeOf(IReadOnlyList<Tensor> tensors)
    {
        var size = 0L;
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        for (var index = 0; index < tensors.Count; index++)
        {
            size += WriteHeader(tensors[index], header) + DataOf(tensors[index]).Length;
        }

        return checked((int)size);
    }

    public void Write(IReadOnlyList<Tensor> tensors, Span<byte> target)
    {
        for (var index = 0; index < tensors.Count; index++)
        {
            target = target[WriteHeader(tensors[index], target)..];
            var data = DataOf(tensors[index]);
            data.CopyTo(target);
            target = target[data.Length..];
        }
    }

    /// <summary>Commits to tensors: HMAC-SHA256 under the salt over each one's header and the SHA-256 of its elements.</summary>
    public void Commit(IReadOnlyList<Tensor> tensors, ReadOnlySpan<byte> salt, Span<byte> commitment)
    {
        // One call over a few bytes: the elements are hashed where they lie, at the bare rate of the hash.
        var message = ArrayPool<byte>.Shared.Rent(tensors.Count * (MaxHeaderBytes + AuditFormat.HashBytes));
        var length = 0;
        for (var index = 0; index < tensors.Count; index++)
        {
            length += WriteHeader(tensors[index], message.AsSpan(length));
            length += SHA256.HashData(DataOf(tensors[index]), message.AsSpan(length));
        }

        HMACSHA256.HashData(salt, message.AsSpan(0, length), commitment);
        ArrayPool<byte>.Shared.Return(message);
    }

    private ReadOnlySpan<byte> DataOf(Tensor tensor) => IsLeftOut(tensor) ? [] : tensor.Data.Span;

    private bool IsLeftOut(Tensor tensor) => _redacted.Count > 0 && _redacted.Contains(tensor.Name);

    private int WriteHeader(Tensor tensor, Span<byte> target)
    {
        var length = AuditTensorList.WriteEntry(target[1..], tensor.Name, tensor.DataType, tensor.Shape, tensor.Data.Length);
        target[0] = IsLeftOut(tensor) ? (byte)1 : (byte)0;
        return length + 1;
    }
}
