using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;
using SecureInference.Onnx.Admission;

namespace SecureInference.Benchmarks;

/// <summary>How long does a signed, encrypted model of a gigabyte take to be decrypted, verified and admitted, against the bare cipher and the bare hash over as many bytes, and how much memory?</summary>
/// <remarks>The file is in the page cache. The bare ones work in memory that is there already, the cipher on all processors; a hash of one file is one chain, on one processor.</remarks>
internal static class ModelLoad
{
    private const int Mebibyte = 1 << 20;

    public static async Task<int> RunAsync(string mebibytes, string rounds)
    {
        var length = long.Parse(mebibytes, CultureInfo.InvariantCulture) * Mebibyte;
        using var model = await LargeModel.CreateAsync(length);
        (await LoadAsync(model)).Dispose(); // Compiles what is measured.
        var before = ResetPeak();
        (await LoadAsync(model)).Dispose();
        var peak = Peak() - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"model {model.Length / Mebibyte} MiB, extra memory {peak / (double)model.Length:F3} of it"));
        var bare = new BareWork((int)model.Length);
        Console.WriteLine("round | load s | cipher s | hash s | of the slower one | load CPU s | cipher CPU s | hash CPU s");
        var ratios = new List<double>();
        for (var round = 0; round < int.Parse(rounds, CultureInfo.InvariantCulture); round++)
        {
            var cipher = Measure(bare.Decrypt);
            ModelContent? content = null;
            var load = await MeasureAsync(async () => content = await LoadAsync(model));
            content?.Dispose();
            var hash = Measure(bare.Hash);
            ratios.Add(Math.Max(cipher.Wall, hash.Wall) / load.Wall);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{round} | {load.Wall:F3} | {cipher.Wall:F3} | {hash.Wall:F3} | {ratios[^1]:F2} | {load.Cpu:F3} | {cipher.Cpu:F3} | {hash.Cpu:F3}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {ratios.Order().ElementAt(ratios.Count / 2):F2}, best {ratios.Max():F2}; load average {File.ReadAllText("/proc/loadavg").Trim()}"));
        return 0;
    }

    // All that stands between the file and the session, through the door that every model comes in by.
    private static async Task<ModelContent> LoadAsync(LargeModel model)
    {
        var content = await model.CreateReader().ReadAsync("m", model.Options.Path, model.Options, CancellationToken.None);
        ModelScan.Require("m", content, model.Options, CancellationToken.None);
        return content;
    }

    private static (double Wall, double Cpu) Measure(Action work) => MeasureAsync(() =>
    {
        work();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    private static async Task<(double Wall, double Cpu)> MeasureAsync(Func<Task> work)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (cpu, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await work();
        process.Refresh();
        return (clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    private static long ResetPeak()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Peak();
    }

    private static long Peak() => long.Parse(
        File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>The cipher and the hash, and nothing else.</summary>
    private sealed class BareWork
    {
        private readonly byte[] _key = RandomNumberGenerator.GetBytes(AgeFormat.KeySize);
        private readonly byte[] _clear;
        private readonly byte[] _sealed;
        private readonly int _chunks;

        public BareWork(int length)
        {
            _chunks = length / AgeFormat.ChunkSize;
            _clear = GC.AllocateArray<byte>(_chunks * AgeFormat.ChunkSize, pinned: true);
            _sealed = GC.AllocateArray<byte>((int)Math.Min(Array.MaxLength, (long)_chunks * AgeFormat.SealedChunkSize), pinned: true);
            EachChunk((cipher, nonce, sealedChunk, clear) => cipher.Encrypt(nonce, clear, sealedChunk[..AgeFormat.ChunkSize], sealedChunk[AgeFormat.ChunkSize..]));
            Decrypt(); // The first time would pay for its memory.
        }

        private delegate void ChunkWork(ChaCha20Poly1305 cipher, Span<byte> nonce, Span<byte> sealedChunk, Span<byte> clear);

        public void Decrypt() =>
            EachChunk(static (cipher, nonce, sealedChunk, clear) => cipher.Decrypt(nonce, sealedChunk[..AgeFormat.ChunkSize], sealedChunk[AgeFormat.ChunkSize..], clear));

        public void Hash() => SHA256.HashData(_clear);

        private void EachChunk(ChunkWork work) => Parallel.ForEach(
            Partitioner.Create(0, _chunks, Math.Max(1, _chunks / 64)),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            range =>
            {
                using var cipher = new ChaCha20Poly1305(_key);
                Span<byte> nonce = stackalloc byte[ChaCha.NonceSize];
                for (var chunk = range.Item1; chunk < range.Item2; chunk++)
                {
                    AgePayload.WriteNonce(nonce, chunk, isLast: false);
                    work(cipher, nonce, _sealed.AsSpan(chunk * AgeFormat.SealedChunkSize, AgeFormat.SealedChunkSize), _clear.AsSpan(chunk * AgeFormat.ChunkSize, AgeFormat.ChunkSize));
                }
            });
    }
}
