using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecureInference.IntegrationTests.Attacks;

namespace SecureInference.IntegrationTests.Answers;

/// <summary>Asks for an inference, and looks at what comes back.</summary>
internal static partial class AnswerCheck
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> InferAsync(
        HttpClient client, string body = EchoApp.Body, string? encoding = null, IEnumerable<(string Name, string Value)>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, EchoApp.InferPath) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        // A body that is refused by its length is not sent: the answer must not be lost with the connection.
        request.Headers.ExpectContinue = body.Length > 1 << 20;
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request, Cancelled);
    }

    public static async Task<HttpResponseMessage> UntilRefusedAsync(HttpClient client)
    {
        for (var request = 0; request < 200; request++)
        {
            var answer = await client.GetAsync("/v2", Cancelled);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return answer;
            }

            answer.Dispose();
        }

        throw new InvalidOperationException("200 requests of a limit of 100 were answered.");
    }

    public static async Task AssertAsync(HttpResponseMessage answer, HttpStatusCode status, string? rule = null, string? type = null)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(type ?? "urn:secureinference:error:" + rule, body.RootElement.GetProperty("type").GetString());
        Assert.Equal((int)status, body.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(body.RootElement.GetProperty("detail").GetString(), body.RootElement.GetProperty("error").GetString());
    }

    public static async Task<string> AnonymousAsync(HttpResponseMessage answer) =>
        TraceId.Replace(await answer.Content.ReadAsStringAsync(Cancelled), "\"traceId\":\"\"");

    [GeneratedRegex("\"traceId\":\"[0-9a-f]{32}\"")]
    private static partial Regex TraceId { get; }
}
