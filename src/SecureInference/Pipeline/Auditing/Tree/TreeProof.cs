using System.Numerics;

namespace SecureInference.Pipeline.Auditing.Tree;

/// <summary>Checks proofs, with nothing but hashes (RFC 9162, 2.1.3.2 and 2.1.4.2).</summary>
internal static class TreeProof
{
    public static bool VerifyInclusion(TreeHasher hasher, long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leaf.Length != TreeHasher.HashLength || !AreHashes(proof))
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        Span<byte> hash = stackalloc byte[TreeHasher.HashLength];
        leaf.CopyTo(hash);
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hasher.Node(sibling, hash, hash);
                Climb(ref node, ref last);
            }
            else
            {
                hasher.Node(hash, sibling, hash);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash.SequenceEqual(root);
    }

    public static bool VerifyConsistency(TreeHasher hasher, long oldSize, long size, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> root, IReadOnlyList<byte[]> proof)
    {
        if (oldSize < 1 || oldSize > size || !AreHashes(proof))
        {
            return false;
        }

        if (oldSize == size)
        {
            return proof.Count == 0 && oldRoot.SequenceEqual(root);
        }

        // An old tree that is complete is its own first subtree, and is left out of the proof.
        var isComplete = BitOperations.IsPow2(oldSize);
        return (isComplete || proof.Count > 0)
            && Climb(hasher, oldSize - 1, size - 1, isComplete ? oldRoot : proof[0], isComplete ? 0 : 1, proof, oldRoot, root);
    }

    private static bool Climb(
        TreeHasher hasher, long node, long last, ReadOnlySpan<byte> first, int next, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> oldRoot, ReadOnlySpan<byte> root)
    {
        var shared = BitOperations.TrailingZeroCount(~node);
        node >>= shared;
        last >>= shared;
        Span<byte> oldHash = stackalloc byte[TreeHasher.HashLength];
        Span<byte> hash = stackalloc byte[TreeHasher.HashLength];
        first.CopyTo(oldHash);
        first.CopyTo(hash);
        for (; next < proof.Count; next++, node >>= 1, last >>= 1)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hasher.Node(proof[next], oldHash, oldHash);
                hasher.Node(proof[next], hash, hash);
                Climb(ref node, ref last);
            }
            else
            {
                hasher.Node(hash, proof[next], hash);
            }
        }

        return last == 0 && oldHash.SequenceEqual(oldRoot) && hash.SequenceEqual(root);
    }

    /// <summary>Passes the levels on which the last node has no sibling.</summary>
    private static void Climb(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            node >>= 1;
            last >>= 1;
        }
    }

    private static bool AreHashes(IReadOnlyList<byte[]> proof)
    {
        foreach (var hash in proof)
        {
            if (hash.Length != TreeHasher.HashLength)
            {
                return false;
            }
        }

        return true;
    }
}
