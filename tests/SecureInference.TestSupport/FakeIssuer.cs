using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecureInference.TestSupport;

/// <summary>An issuer of tokens without a server: what it would publish is answered by a message handler, and what no issuer would sign is signed too.</summary>
public sealed class FakeIssuer : HttpMessageHandler
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TimeProvider _time;
    private int _fetches;

    public FakeIssuer(string name = "https://issuer.test", SigningKey? key = null, TimeProvider? time = null)
    {
        Name = name;
        Key = key ?? SigningKey.OfRsa("first");
        Published = [Key];
        _time = time ?? TimeProvider.System;
    }

    public string Name { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>What it signs with.</summary>
    public SigningKey Key { get; set; }

    public IReadOnlyList<SigningKey> Published { get; set; }

    /// <summary>What the discovery document says that it is called.</summary>
    public string? SaysItIs { get; set; }

    public bool PublishesKeyIds { get; set; } = true;

    public bool IsDown { get; set; }

    /// <summary>It answers once this has completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How often its discovery document was asked for.</summary>
    public int Fetches => Volatile.Read(ref _fetches);

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>A good token, with changes: a claim that is <see langword="null"/> is left out.</summary>
    public string Token(params (string Name, object? Value)[] claims) => Sign(Header(), Payload(claims));

    public string Header(params (string Name, object? Value)[] members) =>
        Write([("alg", Key.Algorithm), ("typ", "at+jwt"), ("kid", Key.Id), .. members]);

    public string Payload(params (string Name, object? Value)[] claims)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return Write([("iss", Name), ("sub", "alice"), ("aud", "inference"), ("iat", now), ("exp", now + 300), ("jti", "t1"), ("scope", "openid model:*:infer"), .. claims]);
    }

    /// <summary>Signs whatever stands there.</summary>
    public string Sign(string header, string payload, string? algorithm = null) => SignEncoded(Encode(header), Encode(payload), algorithm);

    public string SignEncoded(string header, string payload, string? algorithm = null)
    {
        var signed = $"{header}.{payload}";
        return $"{signed}.{Base64Url.EncodeToString(Key.Sign(Encoding.UTF8.GetBytes(signed), algorithm ?? Key.Algorithm))}";
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        if (path.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _fetches);
        }

        await Gate.WaitAsync(cancellationToken);
        if (IsDown)
        {
            return new HttpResponseMessage(HttpStatusCode.InternalServerError);
        }

        object document = path.EndsWith("/jwks", StringComparison.Ordinal)
            ? new { keys = Published.Select(key => key.Describe(PublishesKeyIds ? key.Id : null)).ToArray() }
            : new { issuer = SaysItIs ?? Name, jwks_uri = Name.TrimEnd('/') + "/jwks" };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(document), Encoding.UTF8, "application/json") };
    }

    // Later members take the place of earlier ones.
    private static string Write((string Name, object? Value)[] members)
    {
        var json = new JsonObject();
        foreach (var (name, value) in members)
        {
            json.Remove(name);
            if (value is not null)
            {
                json[name] = JsonSerializer.SerializeToNode(value);
            }
        }

        return json.ToJsonString(Plain);
    }
}
