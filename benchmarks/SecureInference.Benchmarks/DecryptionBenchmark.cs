using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Benchmarks;

/// <summary>How much slower is opening an encrypted model of 256 MB than the bare cipher over the same bytes, in the same chunks, on the same cores?</summary>
/// <remarks>Both read from memory. The bare cipher writes to memory that is there already; a model's memory is new, as it is at a load.</remarks>
[MemoryDiagnoser]
public class DecryptionBenchmark : IDisposable
{
    private const int Length = 256 * 1024 * 1024;
    private const int Chunks = Length / AgeFormat.ChunkSize;

    private readonly X25519Identity _key = X25519Identity.Create();
    private readonly byte[] _chunkKey = RandomNumberGenerator.GetBytes(AgeFormat.KeySize);
    private readonly byte[] _clear = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
    private byte[] _file = [];
    private byte[] _sealed = [];

    [GlobalSetup]
    public async Task SetupAsync()
    {
        RandomNumberGenerator.Fill(_clear);
        using var file = new MemoryStream(Length + (Length / 1000));
        await AgeEncryption.WriteAsync(new MemoryStream(_clear), file, [_key.Recipient], progress: null, CancellationToken.None);
        _file = file.ToArray();
        _sealed = new byte[Chunks * AgeFormat.SealedChunkSize];
        Parallel.For(0, Chunks, chunk =>
        {
            using var cipher = new ChaCha20Poly1305(_chunkKey);
            var target = _sealed.AsSpan(chunk * AgeFormat.SealedChunkSize, AgeFormat.SealedChunkSize);
            cipher.Encrypt(Nonce(chunk), _clear.AsSpan(chunk * AgeFormat.ChunkSize, AgeFormat.ChunkSize), target[..AgeFormat.ChunkSize], target[AgeFormat.ChunkSize..]);
        });
    }

    [Benchmark(Baseline = true)]
    public void BareCipher() => Parallel.ForEach(
        System.Collections.Concurrent.Partitioner.Create(0, Chunks, Chunks / 32),
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
        range =>
        {
            using var cipher = new ChaCha20Poly1305(_chunkKey);
            for (var chunk = range.Item1; chunk < range.Item2; chunk++)
            {
                var source = _sealed.AsSpan(chunk * AgeFormat.SealedChunkSize, AgeFormat.SealedChunkSize);
                cipher.Decrypt(Nonce(chunk), source[..AgeFormat.ChunkSize], source[AgeFormat.ChunkSize..], _clear.AsSpan(chunk * AgeFormat.ChunkSize, AgeFormat.ChunkSize));
            }
        });

    [Benchmark]
    public async Task<int> Model()
    {
        using var file = await AgeFile.OpenAsync(new MemoryStream(_file), [_key], CancellationToken.None);
        return (await PayloadMemory.ReadAsync(file, CancellationToken.None)).Length;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    private static byte[] Nonce(int chunk)
    {
        var nonce = new byte[ChaCha.NonceSize];
        AgePayload.WriteNonce(nonce, chunk, isLast: false);
        return nonce;
    }
}
