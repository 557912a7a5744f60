using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Clients that go on asking with keys until they are told to stop, and note when each answer came.</summary>
internal sealed class KeyLoad
{
    private readonly GuardedApp _app;
    private readonly Task _done;
    private volatile bool _isStopped;

    public KeyLoad(GuardedApp app, Func<int, string> key, int clients)
    {
        _app = app;
        _done = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(() => key(client)))));
    }

    /// <summary>When answers came (by <see cref="Stopwatch"/>), with which key, and what they were.</summary>
    public ConcurrentQueue<(long Time, string Key, HttpStatusCode Status)> Answers { get; } = new();

    public bool HasAnswered(HttpStatusCode status, int atLeast) => Answers.Count(answer => answer.Status == status) >= atLeast;

    public Task StopAsync()
    {
        _isStopped = true;
        return _done;
    }

    private async Task RunAsync(Func<string> key)
    {
        using var client = new HttpClient { BaseAddress = _app.Address };
        while (!_isStopped)
        {
            var used = key();
            using var request = new HttpRequestMessage(HttpMethod.Post, EchoApp.InferPath) { Content = EchoApp.Content() };
            request.Headers.Add("x-api-key", used);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Answers.Enqueue((Stopwatch.GetTimestamp(), used, answer.StatusCode));
        }
    }
}
