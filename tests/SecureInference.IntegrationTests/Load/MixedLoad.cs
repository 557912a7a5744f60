using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Many clients that send good and bad requests in turn, and look at every answer.</summary>
internal sealed class MixedLoad(DigitsSample sample, LoadRows rows) : IDisposable
{
    private const string Infer = "/v2/models/digits/infer";
    private static readonly LoadKind[] Kinds = Enum.GetValues<LoadKind>();

    private readonly HttpClient _client = sample.CreateClient(key: null, connections: 64);
    private readonly string _unknownKey = ApiKey.Create(ApiKey.Live, ApiKey.CreateId());

    /// <summary>How many requests of each kind were answered, each as it must be.</summary>
    public ConcurrentDictionary<LoadKind, int> Answered { get; } = new();

    public long Total => Answered.Values.Sum(static count => (long)count);

    public Task RunAsync(int connections, TimeSpan duration)
    {
        var start = TimeProvider.System.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, connections).Select(worker => Task.Run(async () =>
        {
            for (var turn = 0; turn < Kinds.Length || TimeProvider.System.GetElapsedTime(start) < duration; turn++)
            {
                await SendAsync(worker, turn);
            }
        })));
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(int worker, int turn)
    {
        var kind = Kinds[(worker + turn) % Kinds.Length];
        var id = string.Create(CultureInfo.InvariantCulture, $"{worker}-{turn}-{kind}");
        var (pixels, expected) = rows[(worker * 7) + turn];
        using var request = Create(kind, id, pixels);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        if (kind is LoadKind.Json or LoadKind.Binary or LoadKind.Compressed)
        {
            var answer = await InferAnswer.ReadAsync(response);
            Assert.Equal(id, answer.Id);
            Assert.Equal(expected, Assert.Single(answer.Outputs).Data);
        }
        else
        {
            await AssertRefusedAsync(kind, id, response);
        }

        Answered.AddOrUpdate(kind, 1, static (_, count) => count + 1);
    }

    private HttpRequestMessage Create(LoadKind kind, string id, WireTensor pixels)
    {
        var path = kind == LoadKind.UnknownModel ? $"/v2/models/no-{id}/infer" : Infer;
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = kind switch
            {
                LoadKind.Binary => InferBody.Binary(id, pixels),
                LoadKind.Compressed => InferBody.Compressed(InferBody.JsonText(id, pixels)),
                LoadKind.BadShape => InferBody.Json(id, pixels with { Name = id }),
                LoadKind.BadJson => InferBody.Text(InferBody.JsonText(id, pixels)[..^1]),
                _ => InferBody.Json(id, pixels),
            },
        };
        if (kind != LoadKind.NoKey)
        {
            request.Headers.Add("x-api-key", kind == LoadKind.WrongKey ? _unknownKey : sample.Key);
        }

        return request;
    }

    private static async Task AssertRefusedAsync(LoadKind kind, string id, HttpResponseMessage response)
    {
        var refusal = await Refusal.ReadAsync(response);
        var expected = kind switch
        {
            LoadKind.WrongKey => HttpStatusCode.Forbidden,
            LoadKind.NoKey => HttpStatusCode.Unauthorized,
            LoadKind.UnknownModel => HttpStatusCode.NotFound,
            _ => HttpStatusCode.BadRequest,
        };
        Assert.Equal((int)expected, refusal.Status);
        if (kind is LoadKind.UnknownModel or LoadKind.BadShape)
        {
            Assert.Contains(id, refusal.Detail, StringComparison.Ordinal);
        }
    }
}
