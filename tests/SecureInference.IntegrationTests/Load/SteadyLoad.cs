using System.Collections.Concurrent;
using System.Net;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Clients that send good requests on connections of their own until the server ends.</summary>
internal sealed class SteadyLoad
{
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answered = new();
    private readonly ConcurrentQueue<LoadAnswer> _answers = new();
    private readonly DigitsSample _sample;
    private readonly LoadRows _rows;

    public SteadyLoad(DigitsSample sample, LoadRows rows, int connections)
    {
        _sample = sample;
        _rows = rows;
        Completion = Task.WhenAll(Enumerable.Range(0, connections).Select(worker => Task.Run(() => RunAsync(worker))));
    }

    /// <summary>Ends when no connection to the server can be had.</summary>
    public Task Completion { get; }

    public IEnumerable<HttpStatusCode> Statuses => _answered.Keys;

    /// <summary>Gets what was answered with 200; of one connection in the order in which it came.</summary>
    public IReadOnlyCollection<LoadAnswer> Answers => _answers;

    public int Count(HttpStatusCode status) => _answered.GetValueOrDefault(status);

    private async Task RunAsync(int worker)
    {
        using var client = _sample.CreateClient(_sample.Key, connections: 1);
        try
        {
            for (var turn = 0; ; turn++)
            {
                await SendAsync(client, worker, turn);
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone, or going: its listener is closed, and its idle connections are cut.
        }
    }

    private async Task SendAsync(HttpClient client, int worker, int turn)
    {
        var (pixels, expected) = _rows[worker + turn];
        using var content = turn % 2 == 0 ? InferBody.Json($"{worker}-{turn}", pixels) : InferBody.Binary($"{worker}-{turn}", pixels);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/digits/infer") { Content = content };

        // Where the sample lists this machine as its proxy, records carry the trace that is named here: a proxy ended TLS, and is believed.
        var trace = Guid.NewGuid().ToString("N");
        request.Headers.Add("traceparent", $"00-{trace}-{trace[..16]}-01");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var answer = await InferAnswer.ReadAsync(response);
            Assert.Equal($"{worker}-{turn}", answer.Id);
            Assert.Equal(expected, answer.Outputs[0].Data);
            _answers.Enqueue(new LoadAnswer(worker, trace, TimeProvider.System.GetTimestamp()));
        }

        _answered.AddOrUpdate(response.StatusCode, 1, static (_, count) => count + 1);
    }
}
