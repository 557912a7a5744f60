using System.Numerics;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing.Tree;

/// <summary>A tree's right edge: the roots of its largest complete subtrees. It is all that is needed to go on with the tree, and to tell its root.</summary>
internal sealed class CompactRange(TreeHasher hasher)
{
    private const int HashLength = TreeHasher.HashLength;

    // One subtree for each bit of a long.
    private readonly byte[] _hashes = new byte[64 * HashLength];

    public long Size { get; private set; }

    /// <summary>Gets the hashes of the subtrees, the largest first.</summary>
    public ReadOnlySpan<byte> Hashes => _hashes.AsSpan(0, CountFor(Size) * HashLength);

    public static int CountFor(long size) => BitOperations.PopCount((ulong)size);

    public void Append(ReadOnlySpan<byte> leaf)
    {
        var count = CountFor(Size);
        leaf.CopyTo(_hashes.AsSpan(count * HashLength));

        // Each subtree that is now complete merges with its left neighbour of the same size.
        for (var merges = BitOperations.TrailingZeroCount(~Size); merges > 0; merges--, count--)
        {
            var left = _hashes.AsSpan((count - 1) * HashLength, HashLength);
            hasher.Node(left, _hashes.AsSpan(count * HashLength, HashLength), left);
        }

        Size++;
    }

    public void Root(Span<byte> root)
    {
        var hashes = Hashes;
        if (hashes.IsEmpty)
        {
            SHA256.HashData([], root);
            return;
        }

        hashes[^HashLength..].CopyTo(root);
        for (var end = hashes.Length - HashLength; end > 0; end -= HashLength)
        {
            hasher.Node(hashes[(end - HashLength)..end], root, root);
        }
    }

    public byte[] Root()
    {
        var root = new byte[HashLength];
        Root(root);
        return root;
    }

    public void CopyFrom(CompactRange other) => Load(other.Size, other.Hashes);

    /// <summary>Takes over what was written down.</summary>
    /// <exception cref="ArgumentException">The number of hashes is not the one for the size.</exception>
    public void Load(long size, ReadOnlySpan<byte> hashes)
    {
        if (size < 0 || hashes.Length != CountFor(size) * HashLength)
        {
            throw new ArgumentException("The hashes do not fit the size.", nameof(hashes));
        }

        Size = size;
        hashes.CopyTo(_hashes);
    }
}
