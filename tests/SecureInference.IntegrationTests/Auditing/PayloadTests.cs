using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.Pipeline.Auditing;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>Payloads of requests over HTTP: committed to, kept apart, erased.</summary>
public sealed class PayloadTests
{
    [Fact]
    public async Task Infer_PayloadsNone_LeavesNoCommitmentAndNoFolder()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo());

        await InferAsync(app);

        Assert.DoesNotContain(await app.StopAndReadAuditAsync(), static record => record.TryGetProperty("inputCommitment", out _));
        Assert.False(Directory.Exists(app.AuditFolder + "-payloads"));
    }

    [Fact]
    public async Task Infer_Commitment_StandsInBothRecordsAndDiffersEachTime()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:Payloads"] = "Commitment" });

        await InferAsync(app);
        await InferAsync(app);

        var records = await app.StopAndReadAuditAsync();
        var commitments = records.Where(static record => record.TryGetProperty("inputCommitment", out _)).Select(static record => record.GetProperty("inputCommitment").GetString())
            .Concat(records.Where(static record => record.TryGetProperty("outputCommitment", out _)).Select(static record => record.GetProperty("outputCommitment").GetString())).ToArray();
        Assert.Equal(4, commitments.Distinct().Count());
        Assert.NotEmpty(Directory.GetFiles(app.AuditFolder + "-payloads"));
    }

    [Fact]
    public async Task Start_OthersMayReadThePayloadKey_StopsAndSaysWhatToDo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("payload.key"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        SetMode(folder.File("payload.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => EchoApp.StartAsync(
            FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:Payloads"] = "Stored", ["Audit:PayloadKeyFile"] = folder.File("payload.key") }));

        Assert.Contains("chmod 600", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EraseCaller_Stored_WritesATombstoneAndTheLogVerifies()
    {
        var key = Convert.ToBase64String(new byte[32]);
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("payload.key"), key, TestContext.Current.CancellationToken);
        SetMode(folder.File("payload.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var app = await EchoApp.StartAsync(
            FakeModel.Echo(),
            settings: new Dictionary<string, string?> { ["Audit:Payloads"] = "Stored", ["Audit:PayloadKeyFile"] = folder.File("payload.key") });
        await InferAsync(app);
        await InferAsync(app);

        var erased = app.Services.GetRequiredService<IAuditPayloads>().EraseCaller("tester", "asked for");

        await app.StopAsync();
        Assert.Equal(4, erased);
        Assert.Null(AuditFiles.Verify(app.AuditFolder));
        var tombstone = Assert.Single(AuditFiles.ReadAll(app.AuditFolder), static record => record.GetProperty("kind").ValueEquals("tombstone"));
        Assert.Equal(4, tombstone.GetProperty("count").GetInt64());
        Assert.Equal("tester", tombstone.GetProperty("caller").GetString());
        Assert.Empty(Directory.GetFiles(app.AuditFolder + "-payloads", "caller-*"));
    }

    [Fact]
    public async Task Start_StoredWithoutAKey_StopsAndSaysWhatToWrite()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => EchoApp.StartAsync(
            FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:Payloads"] = "Stored" }));

        Assert.Contains("openssl rand -base64 32", exception.Message, StringComparison.Ordinal);
    }

    private static async Task InferAsync(GuardedApp app)
    {
        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static void SetMode(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }
    }
}
