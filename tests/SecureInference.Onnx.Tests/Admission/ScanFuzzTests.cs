using System.Diagnostics;
using System.Security.Cryptography;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class ScanFuzzTests
{
    private const int LargestSeed = 64 << 10;

    /// <summary>As much as any file's scan may take: what is known of a run's values may take 16 MiB, in each estimate of it.</summary>
    private const int Constant = 50 << 20;

    private static readonly TimeSpan Duration = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(5);

    [Fact]
    public void Scan_MutatedModels_NeverCrashesHangsOrGrows()
    {
        var seeds = Seeds();
        var clock = Stopwatch.StartNew();

        for (var round = 0; clock.Elapsed < Duration; round++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var file = Mutate(seeds);

            var start = ThreadTime.Now;
            var (_, allocated, _) = Scanned.Measure(file, HostileExternals.Files);

            Assert.True(allocated <= (2L * file.Length) + Constant, $"Round {round} allocated {allocated} bytes for {Convert.ToHexString(file)}.");
            Assert.True(ThreadTime.Now - start < TimeSpan.FromSeconds(1), $"Round {round} took over a second for {Convert.ToHexString(file)}.");
        }
    }

    private static List<byte[]> Seeds()
    {
        List<byte[]> seeds =
        [
            OnnxModels.Mlp(3, 4, 2),
            OnnxModels.Slow(2, 2),
            .. GoodModels.All.Values.Select(static model => model.File),
            .. HostileModel.All.Where(static model => !model.Name.Contains("million", StringComparison.Ordinal) && !model.Name.Contains("MB", StringComparison.Ordinal)).Select(static model => model.Build()),
        ];
        if (Directory.Exists(Vectors.Folder))
        {
            seeds.AddRange(Directory.GetFiles(Vectors.Folder, "*.onnx").Select(File.ReadAllBytes));
        }

        seeds.RemoveAll(static seed => seed.Length is 0 or > LargestSeed);
        return seeds;
    }

    private static byte[] Mutate(List<byte[]> seeds)
    {
        var file = (byte[])seeds[RandomNumberGenerator.GetInt32(seeds.Count)].Clone();
        for (var change = RandomNumberGenerator.GetInt32(1, 6); change > 0 && file.Length > 0; change--)
        {
            var at = RandomNumberGenerator.GetInt32(file.Length);
            var length = Math.Min(RandomNumberGenerator.GetInt32(1, 32), file.Length - at);
            switch (RandomNumberGenerator.GetInt32(6))
            {
                case 0: file[at] = (byte)RandomNumberGenerator.GetInt32(256); break;
                case 1: file[at] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8)); break;
                case 2: file = [.. file[..at], .. file[(at + length)..]]; break;
                case 3: file = [.. file[..at], .. file.AsSpan(at, length), .. file[at..]]; break;
                case 4: file = [.. file[..at], .. Proto.Varint((ulong)RandomNumberGenerator.GetInt32(int.MaxValue) << RandomNumberGenerator.GetInt32(33)), .. file[at..]]; break;
                default:
                    var other = seeds[RandomNumberGenerator.GetInt32(seeds.Count)];
                    var from = RandomNumberGenerator.GetInt32(other.Length);
                    file = [.. file[..at], .. other.AsSpan(from, Math.Min(256, other.Length - from)), .. file[at..]];
                    break;
            }
        }

        return file;
    }
}
