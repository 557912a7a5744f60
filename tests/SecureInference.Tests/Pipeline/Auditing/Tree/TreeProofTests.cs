using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Tests.Pipeline.Auditing.Tree;

public sealed class TreeProofTests : IDisposable
{
    private const int MaxSize = 64;

    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, MaxSize).Select(static index => new byte[] { (byte)index, 7, (byte)(index * 3) })];

    private readonly TreeHasher _hasher = new();

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public void Inclusion_EveryLeafOfEverySize_IsThatOfTheSpecificationAndVerifies()
    {
        for (var size = 1; size <= MaxSize; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = Hash(ProofPlan.Inclusion(index, size), size);

                Assert.Equal(NaiveTree.Path(index, Leaves.AsSpan(0, size)), proof);
                Assert.True(TreeProof.VerifyInclusion(_hasher, index, size, LeafOf(index), proof, RootOf(size)));
            }
        }
    }

    [Fact]
    public void Inclusion_AnythingElse_DoesNotVerify()
    {
        for (var size = 2; size <= 20; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = NaiveTree.Path(index, Leaves.AsSpan(0, size));

                Assert.False(TreeProof.VerifyInclusion(_hasher, index, size, LeafOf((index + 1) % size), proof, RootOf(size)));
                Assert.False(TreeProof.VerifyInclusion(_hasher, index, size, LeafOf(index), proof, RootOf(size - 1)));
                Assert.False(TreeProof.VerifyInclusion(_hasher, index, size, LeafOf(index), proof[1..], RootOf(size)));
                Assert.False(TreeProof.VerifyInclusion(_hasher, index, size, LeafOf(index), [.. proof, proof[0]], RootOf(size)));
                Assert.False(TreeProof.VerifyInclusion(_hasher, index == 0 ? 1 : index - 1, size, LeafOf(index), proof, RootOf(size)));
                Assert.False(TreeProof.VerifyInclusion(_hasher, size, size, LeafOf(index), proof, RootOf(size)));
                Assert.False(TreeProof.VerifyInclusion(_hasher, -1, size, LeafOf(index), proof, RootOf(size)));
            }
        }
    }

    [Fact]
    public void Consistency_EveryPairOfSizes_IsThatOfTheSpecificationAndVerifies()
    {
        for (var size = 1; size <= MaxSize; size++)
        {
            for (var old = 1; old <= size; old++)
            {
                var proof = Hash(ProofPlan.Consistency(old, size), size);

                Assert.Equal(NaiveTree.Consistency(old, Leaves.AsSpan(0, size)), proof);
                Assert.True(TreeProof.VerifyConsistency(_hasher, old, size, RootOf(old), RootOf(size), proof));
            }
        }
    }

    [Fact]
    public void Consistency_AnythingElse_DoesNotVerify()
    {
        for (var size = 2; size <= 20; size++)
        {
            for (var old = 1; old < size; old++)
            {
                var proof = NaiveTree.Consistency(old, Leaves.AsSpan(0, size));

                Assert.False(TreeProof.VerifyConsistency(_hasher, old, size, RootOf(size), RootOf(size), proof));
                Assert.False(TreeProof.VerifyConsistency(_hasher, old, size, RootOf(old), RootOf(old), proof));
                Assert.False(TreeProof.VerifyConsistency(_hasher, old, size, RootOf(old), RootOf(size), proof[1..]));
                Assert.False(TreeProof.VerifyConsistency(_hasher, old, size, RootOf(old), RootOf(size), [.. proof, proof[0]]));
                Assert.False(TreeProof.VerifyConsistency(_hasher, size, old, RootOf(size), RootOf(old), proof));
            }
        }
    }

    [Fact]
    public void ProofHasher_WhereTheBeginningWasRemoved_MakesTheSameProofs()
    {
        for (var size = 2; size <= 40; size++)
        {
            for (var first = 1; first < size; first++)
            {
                var range = new CompactRange(_hasher);
                Fill(range, 0, first);
                var index = first + ((size - first) / 2);
                var hasher = new ProofHasher(_hasher, ProofPlan.Inclusion(index, size), first, range.Hashes);
                for (var leaf = first; leaf < size; leaf++)
                {
                    hasher.Add(leaf, LeafOf(leaf));
                }

                Assert.Equal(NaiveTree.Path(index, Leaves.AsSpan(0, size)), hasher.Finish());
            }
        }
    }

    private static byte[] RootOf(int size) => NaiveTree.Root(Leaves.AsSpan(0, size));

    private static byte[] LeafOf(int index) => NaiveTree.Root([Leaves[index]]);

    private static void Fill(CompactRange range, int start, int end)
    {
        for (var index = start; index < end; index++)
        {
            range.Append(LeafOf(index));
        }
    }

    private byte[][] Hash(TreeSpan[] plan, int size)
    {
        var hasher = new ProofHasher(_hasher, plan, 0, []);
        for (var index = 0; index < size; index++)
        {
            hasher.Add(index, LeafOf(index));
        }

        return hasher.Finish();
    }
}
