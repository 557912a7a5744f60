using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Clients that ask, and leave when it pleases them.</summary>
internal sealed class HangUps(Uri address, IReadOnlyList<string> keys, int seed)
{
    public const string Slow = "slow";
    public const string Wide = "wide";
    public const int Iterations = 1_000;
    public const int Size = 64;
    public const int Width = 60_000;
    public const int MaxRows = 4;

    /// <summary>About as long as a run and a wait before it take.</summary>
    private const int LongestPauseMs = 25;

    private static readonly HangUpKind[] Kinds = Enum.GetValues<HangUpKind>();

    private readonly ConcurrentDictionary<(HangUpKind Kind, int Status), int> _counts = new();
    private volatile bool _isOver;

    /// <summary>Gets how often what was done, and the status that came of it; 0 where none was waited for.</summary>
    public IReadOnlyDictionary<(HangUpKind Kind, int Status), int> Counts => _counts;

    public int Count(int status) => _counts.Where(pair => pair.Key.Status == status).Sum(static pair => pair.Value);

    /// <summary>Lets many clients do as they please for a time, and the last of them end what it does.</summary>
    public async Task RunAsync(int clients, TimeSpan duration)
    {
        _isOver = false;
        var all = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client))));
        await Task.WhenAny(all, Task.Delay(duration, TimeProvider.System, TestContext.Current.CancellationToken));
        _isOver = true;
        await all;
    }

    /// <summary>Asks on a connection of its own, and looks at the answer, which must come.</summary>
    public async Task AskAsync(int number)
    {
        using var wire = await HangUpWire.ConnectAsync(address);
        await DoAsync(HangUpKind.Stays, wire, new Random(number), keys[0]);
    }

    public override string ToString() =>
        string.Join("; ", _counts.OrderBy(static pair => pair.Key).Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key.Kind} {pair.Key.Status}: {pair.Value}")));

    private async Task RunAsync(int client)
    {
        var random = new Random(seed + client);
        HangUpWire? wire = null;
        try
        {
            while (!_isOver)
            {
                var kind = Kinds[random.Next(Kinds.Length)];
                if (kind == HangUpKind.GoesInAnswer)
                {
                    // Little room for the answer: the server is still writing it when its reader goes.
                    wire?.Dispose();
                    wire = await HangUpWire.ConnectAsync(address, receiveBuffer: 4096);
                }

                wire ??= await HangUpWire.ConnectAsync(address);
                if (await DoAsync(kind, wire, random, keys[client % keys.Count]))
                {
                    continue;
                }

                wire.Dispose();
                wire = null;
            }
        }
        finally
        {
            wire?.Dispose();
        }
    }

    /// <returns>Whether the connection is still of use.</returns>
    private async Task<bool> DoAsync(HangUpKind kind, HangUpWire wire, Random random, string key)
    {
        var rows = random.Next(1, MaxRows + 1);
        float[] values = [.. Enumerable.Range(0, kind is HangUpKind.StaysForMuch or HangUpKind.GoesInAnswer ? rows : rows * Size).Select(_ => (float)random.Next(1 << 20))];
        long[] indices = [.. Enumerable.Range(0, rows).Select(_ => (long)random.Next(10))];
        if (kind == HangUpKind.SendsBadValue)
        {
            indices[random.Next(rows)] = 10;
        }

        var request = kind is HangUpKind.StaysForMuch or HangUpKind.GoesInAnswer
            ? HangUpWire.Request(Wide, key, "", WireTensor.Of("x", "FP32", [rows, 1], values))
            : HangUpWire.Request(
                Slow,
                key,
                kind == HangUpKind.HasNoTime ? string.Create(CultureInfo.InvariantCulture, $",\"timeout\":{random.Next(200, 12_000)}") : "",
                WireTensor.Of("x", "FP32", [rows, Size], values),
                WireTensor.Of("index", "INT64", [rows], indices));
        switch (kind)
        {
            case HangUpKind.SendsNonsense:
                // The last bracket of the JSON, and half of what comes behind it.
                request.AsSpan(request.Length - (values.Length * sizeof(float)) - (rows * sizeof(long)) - 2, 2).Fill((byte)'!');
                break;
            case HangUpKind.GoesInBody:
                await wire.SendAsync(request.AsMemory(0, random.Next(1, request.Length)));
                await PauseAsync(random);
                End(wire, random);
                Note(kind, 0);
                return false;
            case HangUpKind.GoesInRun:
            case HangUpKind.GoesByHalves:
            case HangUpKind.GoesInAnswer:
                await wire.SendAsync(request);
                await GoAsync(kind, wire, random);
                Note(kind, 0);
                return false;
        }

        await wire.SendAsync(request);
        var answer = await wire.ReceiveAsync();
        Note(kind, answer.Status);
        Check(kind, answer, values, indices);
        return !answer.IsLast;
    }

    private static async Task GoAsync(HangUpKind kind, HangUpWire wire, Random random)
    {
        if (kind == HangUpKind.GoesInAnswer)
        {
            try
            {
                await wire.ReceiveBeginningAsync();
            }
            catch (Exception exception) when (exception is SocketException or EndOfStreamException)
            {
                Assert.Fail("The server hung up, and not the client: " + exception);
            }

            wire.Reset();
            return;
        }

        if (kind == HangUpKind.GoesByHalves)
        {
            wire.EndSending();
        }

        await PauseAsync(random);
        End(wire, random);
    }

    private static void End(HangUpWire wire, Random random)
    {
        if (random.Next(2) == 0)
        {
            wire.Reset();
        }
        else
        {
            wire.Dispose();
        }
    }

    // Short ones more often: most of what can go wrong, goes wrong early.
    private static Task PauseAsync(Random random) =>
        Task.Delay(TimeSpan.FromMilliseconds(LongestPauseMs * Math.Pow(random.NextDouble(), 2)), TimeProvider.System, TestContext.Current.CancellationToken);

    private static void Check(HangUpKind kind, HangUpAnswer answer, float[] values, long[] indices)
    {
        int[] expected = kind switch
        {
            HangUpKind.HasNoTime => [200, 504, 503, 500],
            HangUpKind.SendsBadValue => [400, 503, 500],
            HangUpKind.SendsNonsense => [400],
            _ => [200, 503, 500],
        };
        Assert.True(expected.Contains(answer.Status), $"{kind} was answered with {answer.Status}: {answer.Text}");
        if (answer.Status == 200)
        {
            Assert.True(kind == HangUpKind.StaysForMuch ? IsOfWide(answer.Outputs, values) : IsOfSlow(answer.Outputs, values, indices), $"{kind}: an answer that is not of its own input.");
        }
    }

    // Without sequences, whose pools would be counted with the server's.
    private static bool IsOfWide(ReadOnlySpan<float> outputs, float[] values)
    {
        for (var row = 0; row < values.Length; row++)
        {
            if (outputs.Slice(row * Width, Width).ContainsAnyExcept(values[row]))
            {
                return false;
            }
        }

        return outputs.Length == values.Length * Width;
    }

    private static bool IsOfSlow(ReadOnlySpan<float> outputs, float[] values, long[] indices)
    {
        for (var at = 0; at < values.Length; at++)
        {
            if (outputs[at] != values[(at / Size * Size) + ((at + Iterations) % Size)])
            {
                return false;
            }
        }

        for (var at = 0; at < indices.Length * 4; at++)
        {
            if (outputs[values.Length + at] != (4 * indices[at / 4]) + (at % 4))
            {
                return false;
            }
        }

        return outputs.Length == values.Length + (indices.Length * 4);
    }

    private void Note(HangUpKind kind, int status) => _counts.AddOrUpdate((kind, status), 1, static (_, count) => count + 1);
}
