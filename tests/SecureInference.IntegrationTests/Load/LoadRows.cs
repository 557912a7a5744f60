using System.Runtime.InteropServices;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Batches of digits, and what the model says of each when nothing of ours is in between.</summary>
internal sealed class LoadRows
{
    private readonly (int[] Rows, byte[] Expected)[] _batches;

    public LoadRows(int seed)
    {
        var random = new Random(seed);
        using var plain = new PlainDigits();
        _batches = [.. Enumerable.Range(0, 64).Select(_ => Create(random, plain))];
    }

    public (WireTensor Pixels, byte[] Expected) this[int index]
    {
        get
        {
            var (rows, expected) = _batches[index % _batches.Length];
            return (HeldOutDigits.Tensor(rows), expected);
        }
    }

    private static (int[] Rows, byte[] Expected) Create(Random random, PlainDigits plain)
    {
        int[] rows = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(HeldOutDigits.All.Count))];
        return (rows, MemoryMarshal.AsBytes(plain.Run(rows).AsSpan()).ToArray());
    }
}
