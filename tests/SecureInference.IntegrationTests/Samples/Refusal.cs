using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>A refused request's answer, with what every one of them must have.</summary>
internal sealed partial record Refusal(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private static readonly string[] Members = ["type", "title", "status", "detail", "traceId", "error"];

    public string Detail => Member("detail");

    public string Rule => Member("type").Split(':', '#')[^1];

    /// <summary>The body without what differs from request to request.</summary>
    public string BodyButForTraceId => Body.Replace(Member("traceId"), "", StringComparison.Ordinal);

    /// <summary>The headers without what differs from second to second.</summary>
    public IEnumerable<string> HeadersButForDate =>
        Headers.Where(static header => header.Key is not "Date").Select(static header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal);

    public bool HasRateLimit => Headers.ContainsKey("RateLimit") && Headers.ContainsKey("RateLimit-Policy");

    public static async Task<Refusal> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return Create((int)response.StatusCode, headers, body);
    }

    public static Refusal Create(int status, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var refusal = new Refusal(status, headers, Encoding.UTF8.GetString(body));
        refusal.AssertForm();
        return refusal;
    }

    public static Task<Refusal> PostAsync(HttpClient client, string path, HttpContent content) =>
        SendAsync(client, new HttpRequestMessage(HttpMethod.Post, path) { Content = content });

    public static async Task<Refusal> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return await ReadAsync(response);
        }
    }

    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : "";

    private void AssertForm()
    {
        Assert.True(Status >= (int)HttpStatusCode.BadRequest, Body);
        using var document = JsonDocument.Parse(Body);
        var root = document.RootElement;
        Assert.Equal(Status == 429 ? [.. Members, "violated-policies"] : Members, root.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(Status, root.GetProperty("status").GetInt32());
        Assert.All(["type", "title", "detail", "error"], name => Assert.NotEqual("", root.GetProperty(name).GetString()));
        Assert.Matches(TraceId(), root.GetProperty("traceId").GetString());
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
    }

    private string Member(string name)
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.GetProperty(name).GetString()!;
    }

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex TraceId();
}
