using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing.Tree;

/// <summary>The hashes of RFC 6962, made with one hash object that is used again and again: a new one for each would cost as much as the hash.</summary>
internal sealed class TreeHasher : IDisposable
{
    public const int HashLength = 32;

    /// <summary>What stands before a record when its leaf is hashed, so that no record can pass for an inner node.</summary>
    public const byte LeafPrefix = 0x00;

    private const byte NodePrefix = 0x01;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _node = [NodePrefix, .. new byte[2 * HashLength]];

    public void Leaf(ReadOnlySpan<byte> record, Span<byte> hash)
    {
        _hash.AppendData([LeafPrefix]);
        _hash.AppendData(record);
        _hash.GetHashAndReset(hash);
    }

    /// <summary>Hashes a record that already has its <see cref="LeafPrefix"/> before it: one call less for each record.</summary>
    public void PrefixedLeaf(ReadOnlySpan<byte> prefixedRecord, Span<byte> hash)
    {
        _hash.AppendData(prefixedRecord);
        _hash.GetHashAndReset(hash);
    }

    public void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        left.CopyTo(_node.AsSpan(1));
        right.CopyTo(_node.AsSpan(1 + HashLength));
        _hash.AppendData(_node);
        _hash.GetHashAndReset(hash);
    }

    public void Dispose() => _hash.Dispose();
}
