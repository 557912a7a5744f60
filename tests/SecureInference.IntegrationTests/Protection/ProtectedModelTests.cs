using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Models.Protection.Encryption;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Protection;

/// <summary>The whole app with a real model that is signed and encrypted: it starts, is asked, and gets a new one.</summary>
public sealed class ProtectedModelTests : IDisposable
{
    private readonly ProtectedModel _model = new();
    private readonly CollectedLog _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task Infer_SignedAndEncrypted_AnswersAndEveryRecordNamesTheDigest()
    {
        var digest = await _model.PublishAsync(1);
        await using var app = await StartAsync(_model.Settings);

        Assert.Equal(6, await AskAsync(app, 5));

        RequireNoTraceOf(app);
        var records = (await app.StopAndReadAuditAsync()).Where(static record => !record.GetProperty("kind").ValueEquals("refusals")).ToArray();
        Assert.Equal(2, records.Length);
        Assert.All(records, record => Assert.EndsWith(digest, record.GetProperty("modelDigest").GetString(), StringComparison.Ordinal));
        Assert.Contains(_log.Entries, entry => entry.Message.Contains(digest, StringComparison.Ordinal) && entry.Message.Contains("encrypted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Infer_SignedEncryptedAndTriedByAnotherProcess_AnswersAndLeavesNoTrace()
    {
        await _model.PublishAsync(1);
        var settings = _model.Settings;
        settings["Models:m:Canary"] = "true";
        await using var app = await StartAsync(settings);

        Assert.Equal(6, await AskAsync(app, 5));

        Assert.Single(_log.Entries, static entry => entry.Message.Contains("by a process of its own", StringComparison.Ordinal));
        RequireNoTraceOf(app);
    }

    [Fact]
    public async Task Start_KeyOfSomebodyElse_StopsAndNamesTheOption()
    {
        await _model.PublishAsync(1);
        using var other = X25519Identity.Create();
        _model.Write("key.txt", other.Export());

        await StopsAsync(_model.Settings, "none of the configured keys opens it", "Models:m:Identities");
    }

    [Fact]
    public async Task Start_KeyFileMissing_StopsAndNamesTheFile()
    {
        await _model.PublishAsync(1);
        var settings = _model.Settings;
        settings["Models:m:Identities:0"] = Path.Combine(_model.Folder, "lost.txt");

        await StopsAsync(settings, "Models:m:Identities", "lost.txt");
    }

    [Fact]
    public async Task Start_NoKeyConfigured_StopsAndSaysWhereToNameOne()
    {
        await _model.PublishAsync(1);
        var settings = _model.Settings;
        settings.Remove("Models:m:Identities:0");

        await StopsAsync(settings, "no key for it is configured", "Models:m:Identities");
    }

    [Fact]
    public async Task Start_SignedBySomebodyElse_Stops()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _model.PublishAsync(1, other);

        await StopsAsync(_model.Settings, _model.SignaturePath, "another key than those that are trusted");
    }

    [Fact]
    public async Task Start_SignatureOfAnotherModel_Stops()
    {
        await _model.PublishAsync(1);
        var signature = await File.ReadAllBytesAsync(_model.SignaturePath, TestContext.Current.CancellationToken);
        await _model.PublishAsync(2);
        _model.Write("model.onnx.sig", signature);

        await StopsAsync(_model.Settings, "is not the one that was signed");
    }

    [Fact]
    public async Task Start_NotSigned_Stops()
    {
        await _model.PublishAsync(1);
        File.Delete(_model.SignaturePath);

        await StopsAsync(_model.Settings, "must be signed", "model sign");
    }

    [Fact]
    public async Task Start_OtherThanThePinnedDigest_Stops()
    {
        var digest = await _model.PublishAsync(1);
        var settings = _model.Settings;
        settings["Models:m:PinnedDigests:0"] = new string('0', digest.Length);

        await StopsAsync(settings, digest, "none of PinnedDigests");
    }

    [Fact]
    public async Task Reload_FilesThatAreRefused_LeaveTheOldOneServing()
    {
        await _model.PublishAsync(1);
        await using var app = await StartAsync(_model.Settings);
        using var otherKey = X25519Identity.Create();
        using var otherPublisher = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await _model.PublishAsync(2, recipient: otherKey.Recipient);
        Assert.Equal(ModelReloadOutcome.Failed, await ReloadAsync(app));
        Assert.Equal(6, await AskAsync(app, 5));

        await _model.PublishAsync(3, otherPublisher);
        Assert.Equal(ModelReloadOutcome.Failed, await ReloadAsync(app));
        Assert.Equal(6, await AskAsync(app, 5));

        await _model.PublishAsync(4);
        var changed = await File.ReadAllBytesAsync(_model.ModelPath, TestContext.Current.CancellationToken);
        changed[^20] ^= 1;
        _model.Write("model.onnx.age", changed);
        Assert.Equal(ModelReloadOutcome.Failed, await ReloadAsync(app));
        Assert.Equal(6, await AskAsync(app, 5));

        var digest = await _model.PublishAsync(5);
        Assert.Equal(ModelReloadOutcome.Reloaded, await ReloadAsync(app));
        Assert.Equal(10, await AskAsync(app, 5));
        RequireNoTraceOf(app);
        Assert.EndsWith(digest, (await app.StopAndReadAuditAsync())[^1].GetProperty("modelDigest").GetString(), StringComparison.Ordinal);
    }

    private static async Task<float> AskAsync(GuardedApp app, float x)
    {
        using var content = InferBody.Json("1", WireTensor.Of("x", "FP32", [1, 4], x, x, x, x));
        using var response = await app.Client.PostAsync("/v2/models/m/infer", content, TestContext.Current.CancellationToken);
        return Assert.Single((await InferAnswer.ReadAsync(response)).Outputs.Single(static output => output.Name == "y").Values<float>().Distinct());
    }

    private static async Task<ModelReloadOutcome> ReloadAsync(GuardedApp app) =>
        (await app.Services.GetRequiredService<IModelCatalog>().ReloadAsync("m", TestContext.Current.CancellationToken)).Outcome;

    // In Production: what others may change is refused there.
    private Task<GuardedApp> StartAsync(IReadOnlyDictionary<string, string?> settings) => GuardedApp.StartAsync(
        static guards => guards.AddOnnxModels(), settings: settings, services: services => services.AddLogging(logging => logging.AddProvider(_log)), environment: "Production");

    private async Task StopsAsync(IReadOnlyDictionary<string, string?> settings, params string[] why)
    {
        var stop = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(settings));

        Assert.All(why, part => Assert.Contains(part, stop.Message, StringComparison.Ordinal));
        RequireNoSecretIn(stop.ToString());
        RequireNoTrace();
    }

    private void RequireNoTraceOf(GuardedApp app)
    {
        Assert.All(app.Log.Entries, entry => RequireNoSecretIn(entry.Message));
        Assert.DoesNotContain(_model.Marker, AuditFiles.ReadText(app.AuditFolder), StringComparison.Ordinal);
        RequireNoTrace(app.AuditFolder, Path.GetDirectoryName(app.StorePath) ?? "");
    }

    private void RequireNoTrace(params string[] folders)
    {
        Assert.All(_log.Entries, entry => RequireNoSecretIn(entry.Message));
        string[] all = [.. folders, _model.Folder, Path.GetTempPath(), Environment.CurrentDirectory, AppContext.BaseDirectory];
        Assert.DoesNotContain(all.Distinct().SelectMany(static folder => Directory.EnumerateFiles(folder)), Holds);
    }

    private void RequireNoSecretIn(string text)
    {
        Assert.DoesNotContain(_model.Secret[X25519Identity.Prefix.Length..], text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_model.Marker, text, StringComparison.Ordinal);
    }

    // Other tests make and delete files meanwhile. The model is a few hundred bytes; what ONNX Runtime makes of it would be some more.
    private bool Holds(string path)
    {
        try
        {
            return new FileInfo(path).Length is > 0 and < 1 << 20 && File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(_model.Marker)) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
