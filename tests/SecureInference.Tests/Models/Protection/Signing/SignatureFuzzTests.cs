using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SecureInference.Models.Protection.Signing;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>Signatures that were broken at random: refused, quickly, and without memory of their choosing.</summary>
public sealed class SignatureFuzzTests
{
    private const long Constant = 1 << 20;
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1";
    private static readonly TimeSpan Duration = IsSoak ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(3);

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", ",", ":", "null", "1e999", "-1", "8.0", "\\u0000", "\\ud800", "\uFEFF", "/*", "\"payload\":", "\"name\":\".\"", "\"shards\"", "\"files\"", "\"hint\":", "a:0:8", "..", "=",
    ];

    [Fact]
    public void Bundle_Mutated_IsReadOrRefused()
    {
        using var publisher = new KeySigner();
        using var trust = publisher.Trust;
        var seeds = Seeds(publisher).Select(static seed => seed.Bundle).ToArray();

        Mutate(seeds, input => SignatureVerifier.Verify(SignatureBundle.Parse(input), trust, OmsVectors.Time));
    }

    [Fact]
    public void Statement_Mutated_IsReadOrRefused()
    {
        using var publisher = new KeySigner();
        var seeds = Seeds(publisher).Select(static seed => SignatureBundle.Parse(seed.Bundle).Payload).ToArray();

        Mutate(seeds, static input => StatementReader.Read(input, isLegacy: false));
        Mutate(seeds, static input => StatementReader.Read(input, isLegacy: true));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{\"hint\":\"x\"},\"tlogEntries\":[")]
    public void Bundle_Huge_CostsNoMoreThanItsLength(string begin)
    {
        var filler = begin[^1] == '[' ? "0," : begin;
        var input = Encoding.UTF8.GetBytes(begin + string.Concat(Enumerable.Repeat(filler, (32 << 20) / filler.Length)));

        Assert.True(Measure(input, static bytes => SignatureBundle.Parse(bytes)) < Constant);
    }

    [Fact]
    public void Bundle_LargerThanAny_IsRefusedUnread() =>
        Assert.Contains("64 MiB", Assert.Throws<SignatureRefusedException>(static () => SignatureBundle.Parse(new byte[SignatureBundle.MaxLength + 1])).Message, StringComparison.Ordinal);

    [Fact]
    public void Payload_LargerThanAny_IsRefusedUndecoded()
    {
        var input = Encoding.ASCII.GetBytes("{\"dsseEnvelope\":{\"payload\":\"" + new string('A', 32 << 20) + "\"}}");

        Assert.True(Measure(input, static bytes => SignatureBundle.Parse(bytes)) < Constant);
    }

    [Fact]
    public void Resources_AMillion_CostNoMoreThanTwiceTheirLength()
    {
        var resource = "{\"name\":\"x\",\"algorithm\":\"sha256\",\"digest\":\"" + new string('0', 64) + "\"},";
        var input = Encoding.ASCII.GetBytes("{\"predicate\":{\"resources\":[" + string.Concat(Enumerable.Repeat(resource, 1_000_001)));

        Assert.True(Measure(input, static bytes => StatementReader.Read(bytes, isLegacy: false)) < (2L * input.Length) + Constant);
    }

    private static long Measure(byte[] input, Action<byte[]> read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<SignatureRefusedException>(() => read(input));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Mutate(byte[][] seeds, Action<byte[]> read)
    {
        var dice = RandomNumberGenerator.GetInt32(int.MaxValue);
        var clock = Stopwatch.StartNew();
        for (var round = 0; clock.Elapsed < Duration; round++)
        {
            var input = Change(seeds[round % seeds.Length], seeds[Next(ref dice, seeds.Length)], ref dice);
            var (start, before) = (ThreadTime.Now, GC.GetAllocatedBytesForCurrentThread());
            try
            {
                read(input);
            }
            catch (SignatureRefusedException)
            {
            }

            var text = Convert.ToBase64String(input);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < (2L * input.Length) + Constant, text);
            Assert.True(ThreadTime.Now - start < TimeSpan.FromSeconds(1), text);
        }
    }

    private static byte[] Change(byte[] seed, byte[] other, ref int dice)
    {
        var bytes = seed.ToList();
        for (var changes = Next(ref dice, 4); changes >= 0; changes--)
        {
            var at = Next(ref dice, Math.Max(1, bytes.Count));
            switch (Next(ref dice, 6))
            {
                case 0 when bytes.Count != 0:
                    bytes[at] ^= (byte)(1 << Next(ref dice, 8));
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + Next(ref dice, 64)));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[Next(ref dice, Pieces.Length)]));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + Next(ref dice, 256))));
                    break;
                case 4:
                    bytes = [.. bytes.Take(at), .. other.Skip(Next(ref dice, other.Length))];
                    break;
                default:
                    bytes.InsertRange(at, new byte[1 + Next(ref dice, 300)]);
                    break;
            }
        }

        return [.. bytes];
    }

    // A run can be repeated from its first number, which no other source of chance here allows.
    private static int Next(ref int dice, int below)
    {
        dice = unchecked((int)(((uint)dice * 1664525) + 1013904223));
        return (int)(((uint)dice >> 8) % (uint)below);
    }

    private static IEnumerable<(string Name, byte[] Bundle)> Seeds(KeySigner publisher)
    {
        yield return ("files", new Forgery(publisher.Key).Add("model.onnx").Add("a/b").Bundle());
        yield return ("shards", new Forgery(publisher.Key) { Method = "shards", ShardSize = "8" }.Add("m:0:8").Add("m:8:9").Bundle());
        if (!OmsVectors.AreMissing)
        {
            foreach (var file in Directory.GetFiles(OmsVectors.At("signed-models"), "model.sig", SearchOption.AllDirectories))
            {
                yield return (file, File.ReadAllBytes(file));
            }
        }
    }
}
