using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>Files that nobody thought of: they are opened or refused, and cost little.</summary>
public sealed class AgeFuzzTests
{
    /// <summary>Beside twice the file: the buffers of a reader, and what a passphrase of the lowest work factors takes.</summary>
    private const long FixedAllocation = 4L << 20;

    private const int MaxWorkFactor = 10;

    private static readonly TimeSpan Length = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Read_ChangedFiles_AreOpenedOrRefused()
    {
        var (corpus, identities) = await CorpusAsync();
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        var mutation = new Mutation(seed, corpus);
        var (files, refused, longest, most) = (0, 0, TimeSpan.Zero, 0L);
        var clock = Stopwatch.StartNew();
        do
        {
            var file = mutation.Next();
            var (start, before) = (ThreadTime.Now, GC.GetAllocatedBytesForCurrentThread());
            try
            {
                refused += Read(file, identities) ? 0 : 1;
            }
            catch (Exception crash)
            {
                Assert.Fail($"Seed {seed}, file {files}: {crash}\n{Convert.ToBase64String(file)}");
            }

            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before - (2 * file.Length));
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, (ThreadTime.Now - start).Ticks));
            files++;
        }
        while (clock.Elapsed < Length);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{files} files, {refused} refused, the longest {longest.TotalMilliseconds:F0} ms, at most {most} bytes beside twice the file"));
        Assert.InRange(most, long.MinValue, FixedAllocation);
        Assert.True(longest < TimeSpan.FromSeconds(1), $"Seed {seed}: {longest}");
    }

    /// <summary>Reads a file in both ways, and says whether it was opened.</summary>
    private static bool Read(byte[] file, IAgeIdentity[] identities)
    {
        try
        {
            AgeFile.IsEncrypted(file);
            using var opened = Done(AgeFile.OpenAsync(new MemoryStream(file), identities, CancellationToken.None));
            using var reader = new PayloadReader(opened);
            var chunk = new byte[AgeFormat.ChunkSize];
            var total = 0L;
            while (Done(reader.ReadAsync(chunk, CancellationToken.None).AsTask()) is >= 0 and var length)
            {
                total += length;
            }

            // One reader opens exactly what the other does.
            opened.Rewind();
            Assert.Equal(total, AgePayload.ClearLength(opened.SealedLength));
            return true;
        }
        catch (AgeException)
        {
            return false;
        }
    }

    // Everything is in memory, and so is done at once, on this thread, whose allocations are counted.
    private static T Done<T>(Task<T> task)
    {
        Assert.True(task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    private static async Task<(List<byte[]> Corpus, IAgeIdentity[] Identities)> CorpusAsync()
    {
        using var ec = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var (key, tag, wrapping, service) = (X25519Identity.Create(), TagIdentity.ReadPem(ec.ExportPkcs8PrivateKeyPem()), WrappingKey.Create(), new FakeKeyService());
        List<byte[]> corpus =
        [
            await Age.EncryptAsync([], key.Recipient),
            await Age.EncryptAsync(Age.Clear(100), tag.Recipient, wrapping, new KeyServiceRecipient(service, "k"), key.Recipient),
            await Age.EncryptAsync(Age.Clear(AgeFormat.ChunkSize + 1), wrapping),
            await Age.EncryptAsync(Age.Clear(10), new ScryptRecipient(SecretBytes.CopyOf("x"u8), workFactor: 4)),
        ];
        var vectors = AgeVector.Names.Select(AgeVector.Read).Where(static vector => vector.File.Length < 10_000).ToArray();
        corpus.AddRange(vectors.Select(static vector => vector.File));
        IAgeIdentity[] own = [key, tag, wrapping, new ScryptIdentity(SecretBytes.CopyOf("x"u8), MaxWorkFactor), new KeyServiceIdentity([service], TimeProvider.System)];
        return (corpus, [.. own, .. vectors.SelectMany(static vector => vector.Identities).OfType<X25519Identity>().DistinctBy(static identity => identity.Recipient.ToString())]);
    }
}
