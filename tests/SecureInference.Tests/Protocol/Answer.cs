using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

/// <summary>What came back, and what it did inside.</summary>
internal sealed record Answer(int Status, IHeaderDictionary Headers, byte[] Body, int Runs, CollectedLog Log)
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Plain.AsMemory(0, JsonLength));
            return document.RootElement.Clone();
        }
    }

    /// <summary>The body, inflated.</summary>
    public byte[] Plain
    {
        get
        {
            if (Headers.ContentEncoding.Count == 0)
            {
                return Body;
            }

            using var inflated = new MemoryStream();
            using Stream inflater = Headers.ContentEncoding == "gzip"
                ? new GZipStream(new MemoryStream(Body), CompressionMode.Decompress)
                : new ZLibStream(new MemoryStream(Body), CompressionMode.Decompress);
            inflater.CopyTo(inflated);
            return inflated.ToArray();
        }
    }

    public byte[] Binary => Plain[JsonLength..];

    /// <summary>The JSON text of an output's data.</summary>
    public string Data(int output = 0) => Json.GetProperty("outputs")[output].GetProperty("data").GetRawText();

    public IEnumerable<string> Warnings =>
        Log.Entries.Where(static entry => entry.Level >= LogLevel.Warning).Select(static entry => entry.Message);

    private int JsonLength => Headers.TryGetValue(HeaderLength, out var length) ? int.Parse(length.ToString(), CultureInfo.InvariantCulture) : Plain.Length;

    public Answer MustBeFine()
    {
        Assert.True(Status == 200, $"{Status}: {System.Text.Encoding.UTF8.GetString(Body)} {string.Join('\n', Warnings)}");
        Assert.Equal(1, Runs);
        return this;
    }

    /// <summary>Asserts a refusal in the one form that refusals have, for which the model was not run.</summary>
    public Answer MustRefuse(int status, string because = "")
    {
        var text = System.Text.Encoding.UTF8.GetString(Body);
        Assert.True(Status == status, $"{Status} instead of {status}: {text} {string.Join('\n', Warnings)}");
        Assert.Empty(Warnings);
        Assert.Equal(0, Runs);
        Assert.Equal("application/problem+json", Headers.ContentType);
        Assert.Contains(because, Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return this;
    }
}
