using System.Numerics;

namespace SecureInference.Pipeline.Auditing.Tree;

/// <summary>Says which subtrees' roots make a proof of RFC 6962, in the proof's order.</summary>
internal static class ProofPlan
{
    /// <summary>The proof that a leaf is in a tree.</summary>
    public static TreeSpan[] Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var spans = new List<TreeSpan>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = Middle(start, end);
            spans.Add(index < middle ? new TreeSpan(middle, end) : new TreeSpan(start, middle));
            (start, end) = index < middle ? (start, middle) : (middle, end);
        }

        spans.Reverse();
        return [.. spans];
    }

    /// <summary>The proof that a tree begins with an older one.</summary>
    public static TreeSpan[] Consistency(long oldSize, long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(oldSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        var spans = new List<TreeSpan>();
        var (start, end) = (0L, size);
        while (end != oldSize)
        {
            var middle = Middle(start, end);
            spans.Add(oldSize <= middle ? new TreeSpan(middle, end) : new TreeSpan(start, middle));
            (start, end) = oldSize <= middle ? (start, middle) : (middle, end);
        }

        // Where the walk never went right, this subtree is the old tree itself, whose root the verifier has.
        if (start != 0)
        {
            spans.Add(new TreeSpan(start, end));
        }

        spans.Reverse();
        return [.. spans];
    }

    /// <summary>Where a tree parts: the left half is the largest complete subtree that is not all of it.</summary>
    private static long Middle(long start, long end) => start + (1L << (63 - BitOperations.LeadingZeroCount((ulong)(end - start - 1))));
}
