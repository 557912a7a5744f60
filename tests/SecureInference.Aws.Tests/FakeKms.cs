using System.Collections.Concurrent;
using System.Text.Json;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecureInference.Aws.Tests;

/// <summary>A server on loopback that speaks the JSON protocol of KMS; what it wraps is the clear bytes behind a mark.</summary>
internal sealed class FakeKms : IAsyncDisposable
{
    public const string Key = "alias/models";
    public const string Secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";

    private static readonly byte[] Mark = "wrapped:"u8.ToArray();

    private readonly WebApplication _app;

    private FakeKms(WebApplication app)
    {
        _app = app;
        app.MapPost("/", AnswerAsync);
    }

    public ConcurrentQueue<KmsRequest> Requests { get; } = [];

    /// <summary>Gets or sets the error that every question is answered with.</summary>
    public (int Status, string Code)? Error { get; set; }

    /// <summary>Gets or sets the clear bytes that every question for them is answered with.</summary>
    public byte[]? Clear { get; set; }

    /// <summary>Gets or sets whether questions are never answered.</summary>
    public bool IsSilent { get; set; }

    public string Address => _app.Urls.First();

    public static async Task<FakeKms> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var kms = new FakeKms(builder.Build());
        await kms._app.StartAsync(TestContext.Current.CancellationToken);
        return kms;
    }

    public AwsKmsOptions Options(params string[] keys) =>
        new() { Keys = keys is [] ? [Key] : keys, Region = "eu-central-1", ServiceUrl = Address, Timeout = TimeSpan.FromSeconds(10) };

    public AwsKms Client(AwsKmsOptions? options = null) => new(options ?? Options(), new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", Secret));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var action = http.Request.Headers["X-Amz-Target"].ToString();
        Requests.Enqueue(new KmsRequest(action, http.Request.Headers.Authorization, body.RootElement.Clone()));
        if (IsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }

        var answer = Answer(action, body.RootElement, out var status);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/x-amz-json-1.1";
        await http.Response.WriteAsync(JsonSerializer.Serialize(answer), http.RequestAborted);
    }

    private Dictionary<string, string> Answer(string action, JsonElement body, out int status)
    {
        status = 400;
        if (Error is { } error)
        {
            status = error.Status;
            return new() { ["__type"] = error.Code, ["message"] = $"User: arn:aws:iam::123456789012:role/secret-role says {error.Code}" };
        }

        if (body.GetProperty("KeyId").GetString() is not Key)
        {
            return new() { ["__type"] = "NotFoundException", ["message"] = "No such key" };
        }

        if (action == "TrentService.Encrypt")
        {
            status = 200;
            byte[] wrapped = [.. Mark, .. body.GetProperty("Plaintext").GetBytesFromBase64()];
            return new() { ["KeyId"] = Key, ["CiphertextBlob"] = Convert.ToBase64String(wrapped), ["EncryptionAlgorithm"] = "SYMMETRIC_DEFAULT" };
        }

        var ciphertext = body.GetProperty("CiphertextBlob").GetBytesFromBase64();
        if (action != "TrentService.Decrypt" || !ciphertext.AsSpan().StartsWith(Mark) || body.GetProperty("EncryptionAlgorithm").GetString() != "SYMMETRIC_DEFAULT")
        {
            return new() { ["__type"] = "InvalidCiphertextException" };
        }

        status = 200;
        return new() { ["KeyId"] = Key, ["Plaintext"] = Convert.ToBase64String(Clear ?? ciphertext[Mark.Length..]), ["EncryptionAlgorithm"] = "SYMMETRIC_DEFAULT" };
    }
}
