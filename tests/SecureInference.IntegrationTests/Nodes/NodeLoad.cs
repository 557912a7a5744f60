using System.Collections.Concurrent;
using System.Diagnostics;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Nodes;

/// <summary>One caller that asks every node at a steady pace, whatever it is answered.</summary>
internal sealed class NodeLoad(NodeGroup group)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly ConcurrentQueue<Answer> _answers = new();

    /// <summary>Gets what was answered so far.</summary>
    public IReadOnlyList<Answer> Answers => [.. _answers];

    public static double SecondsSince(long time) => Stopwatch.GetElapsedTime(time).TotalSeconds;

    /// <param name="perSecond">Requests to all nodes together.</param>
    /// <param name="cancelled">Ends the load; the requests under way are waited for.</param>
    public async Task RunAsync(int perSecond, CancellationToken cancelled)
    {
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { Timeout = Eventually.Deadline };
        client.DefaultRequestHeaders.Add("x-api-key", group.Key);
        var start = Stopwatch.GetTimestamp();
        var pending = new List<Task>();
        var sent = 0;
        while (!cancelled.IsCancellationRequested)
        {
            for (; sent < SecondsSince(start) * perSecond; sent++)
            {
                pending.Add(AskAsync(client, group.Nodes[sent % group.Nodes.Count]));
            }

            pending.RemoveAll(static request => request.IsCompletedSuccessfully);
            await Task.Delay(Beat, TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(pending);
    }

    private async Task AskAsync(HttpClient client, SampleProcess node)
    {
        var sent = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(new Uri(node.Address, "greeting"), TestContext.Current.CancellationToken);
        _answers.Enqueue(new Answer(sent, Stopwatch.GetTimestamp(), (int)answer.StatusCode));
    }

    /// <param name="Sent">When it was asked, by <see cref="Stopwatch"/>.</param>
    /// <param name="Came">When it was answered.</param>
    /// <param name="Status">What it was answered.</param>
    internal readonly record struct Answer(long Sent, long Came, int Status)
    {
        public double Seconds => Stopwatch.GetElapsedTime(Sent, Came).TotalSeconds;
    }
}
