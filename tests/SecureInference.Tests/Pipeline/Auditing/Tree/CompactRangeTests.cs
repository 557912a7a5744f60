using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Tests.Pipeline.Auditing.Tree;

public sealed class CompactRangeTests : IDisposable
{
    /// <summary>The leaves that implementations of RFC 6962 have shared as test data since Certificate Transparency's first one.</summary>
    private static readonly string[] KnownLeaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] KnownRoots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private readonly TreeHasher _hasher = new();

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public void Root_KnownLeaves_AreTheKnownRoots()
    {
        var range = new CompactRange(_hasher);
        var roots = new List<string> { Convert.ToHexStringLower(range.Root()) };
        foreach (var leaf in KnownLeaves)
        {
            Append(range, Convert.FromHexString(leaf));
            roots.Add(Convert.ToHexStringLower(range.Root()));
        }

        Assert.Equal(KnownRoots, roots);
    }

    [Fact]
    public void Append_ThousandRecords_RootsAndRangesAreThoseOfTheSpecification()
    {
        var range = new CompactRange(_hasher);
        var records = new List<byte[]>();
        for (var size = 1; size <= 1000; size++)
        {
            records.Add(BitConverter.GetBytes(size));
            Append(range, records[^1]);
            var copy = new CompactRange(_hasher);
            copy.Load(size, range.Hashes);

            Assert.Equal(size, range.Size);
            Assert.Equal(range.Root(), copy.Root());
            if (size is < 70 or > 990)
            {
                Assert.Equal(NaiveTree.Root(records.ToArray()), range.Root());
            }
        }
    }

    [Fact]
    public void PrefixedLeaf_IsTheLeaf()
    {
        var one = new byte[32];
        var other = new byte[32];

        _hasher.Leaf([1, 2, 3], one);
        _hasher.PrefixedLeaf([0, 1, 2, 3], other);

        Assert.Equal(one, other);
    }

    [Fact]
    public void Load_HashesOfAnotherSize_AreRefused()
    {
        var range = new CompactRange(_hasher);

        Assert.Throws<ArgumentException>(() => range.Load(3, new byte[32]));
        Assert.Throws<ArgumentException>(() => range.Load(-1, []));
    }

    [Fact]
    public void Append_AllocatesNothing()
    {
        var range = new CompactRange(_hasher);
        Append(range, [1]);
        var leaf = new byte[32];
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var count = 0; count < 1000; count++)
        {
            _hasher.Leaf(leaf, leaf);
            range.Append(leaf);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Append(CompactRange range, ReadOnlySpan<byte> record)
    {
        var leaf = new byte[32];
        _hasher.Leaf(record, leaf);
        range.Append(leaf);
    }
}
