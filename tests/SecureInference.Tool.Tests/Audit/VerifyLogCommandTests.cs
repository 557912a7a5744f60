using System.Text.Json;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Tests.Audit;

public sealed class VerifyLogCommandTests
{
    [Fact]
    public async Task Verify_LogOfTheServer_SaysWhatIsProvenAndWhatIsNot()
    {
        using var audit = new AuditFixture();
        audit.Write(AuditFixture.Requests(10));

        var answer = await audit.VerifyAsync();

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.StartsWith("The log verifies.", answer.Output, StringComparison.Ordinal);
        Assert.Contains("records 0 to 19 are as the key signed them", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Only a checkpoint that was kept elsewhere shows a cut", answer.Output, StringComparison.Ordinal);
        Assert.Contains("20, of 10 requests; files: ", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Json_HasWhatWasProven()
    {
        using var audit = new AuditFixture();
        audit.Write(AuditFixture.Requests(10));

        var answer = await audit.VerifyAsync("--json");

        using var json = JsonDocument.Parse(answer.Output);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(audit.Origin, json.RootElement.GetProperty("log").GetString());
        Assert.Equal(20, json.RootElement.GetProperty("signedSize").GetInt64());
        Assert.Equal(await File.ReadAllTextAsync(audit.Checkpoint, TestContext.Current.CancellationToken), json.RootElement.GetProperty("checkpoint").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("failure").ValueKind);
    }

    [Fact]
    public async Task Verify_LogInUse_SaysWhichRecordsNoCheckpointSignsYet()
    {
        using var audit = new AuditFixture();
        using var store = audit.Open(new LogSettings { CheckpointRecords = 4 });
        AuditFixture.Append(store, AuditFixture.Requests(3));

        var answer = await audit.VerifyAsync();

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("the 2 records after the last checkpoint, from 4 on", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FromCheckpointsKeptElsewhere_GoesOnFromEach()
    {
        using var audit = new AuditFixture();
        audit.Write(AuditFixture.Requests(4));
        var first = audit.Keep("first", await File.ReadAllBytesAsync(audit.Checkpoint, TestContext.Current.CancellationToken));
        audit.Write(AuditFixture.Requests(3));
        var second = audit.Keep("second", await File.ReadAllBytesAsync(audit.Checkpoint, TestContext.Current.CancellationToken));
        audit.Write(AuditFixture.Requests(2));
        var list = audit.PathOf("checkpoints");
        await File.WriteAllTextAsync(list, await File.ReadAllTextAsync(first, TestContext.Current.CancellationToken) + "\n" + await File.ReadAllTextAsync(second, TestContext.Current.CancellationToken) + "\n", TestContext.Current.CancellationToken);

        var two = await audit.VerifyAsync("--checkpoint", first, "--checkpoint", second);
        var many = await audit.VerifyAsync("--checkpoint", list);

        Assert.Equal((0, ""), (two.ExitCode, two.Error));
        Assert.Contains("goes on from the checkpoint you gave, of 8 records", two.Output, StringComparison.Ordinal);
        Assert.Equal(two.Output, many.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verify_AfterAChangeOfKeys_EitherKeyAndACheckpointOfTheOldOneServe(bool byOldKey)
    {
        using var audit = new AuditFixture();
        using var key = SigningKey.Make();
        var kept = audit.Write(AuditFixture.Requests(3)).Keep("kept", await File.ReadAllBytesAsync(audit.Checkpoint, TestContext.Current.CancellationToken));
        using (var store = audit.Open(keys: new LogKeys(key, audit.Keys.Current)))
        {
            AuditFixture.Append(store, AuditFixture.Requests(2));
        }

        await File.WriteAllTextAsync(audit.PublicKey, byOldKey ? audit.Keys.Current.Public.Pem : key.Public.Pem, TestContext.Current.CancellationToken);
        var answer = await audit.VerifyAsync("--checkpoint", kept);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("goes on from the checkpoint you gave, of 6 records", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LogWithGapsAndCrashes_SaysWhatTheLogSaysOfItself()
    {
        using var audit = new AuditFixture();
        audit.Write(
            AuditFixture.Of(AuditRecordKind.Start, detail: "1.0"),
            AuditFixture.Of(AuditRecordKind.Gap, 31),
            AuditFixture.Of(AuditRecordKind.Start, detail: "1.0"),
            AuditFixture.Of(AuditRecordKind.Recovery, 120) with { LogSize = 2 },
            AuditFixture.Of(AuditRecordKind.Tombstone, 2),
            AuditFixture.Of(AuditRecordKind.Stop));

        var answer = await audit.VerifyAsync();

        Assert.Contains("records lost for lack of room: 31", answer.Output, StringComparison.Ordinal);
        Assert.Contains("recoveries after a crash: 1, with 120 bytes cut", answer.Output, StringComparison.Ordinal);
        Assert.Contains("starts that no stop came before, as after a crash: 1", answer.Output, StringComparison.Ordinal);
        Assert.Contains("erasures of payloads: 1", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_OnALog_WriteNothingIntoItsFolder()
    {
        using var audit = new AuditFixture();
        audit.Write(AuditFixture.Requests(10));
        var before = Files(audit.Log);

        await audit.VerifyAsync();
        await audit.RunAsync("show", audit.Log);
        await audit.RunAsync("report", audit.Log, "--public-key", audit.PublicKey);
        await audit.RunAsync("export", audit.Log, "--unverified", "--output", audit.PathOf("export"));
        await audit.RunAsync("prove", audit.Log, "--request", AuditFixture.Id(1), "--public-key", audit.PublicKey, "--output", audit.PathOf("proof"));

        Assert.Equal(before, Files(audit.Log));
    }

    [Theory]
    [InlineData("gone", "does not exist")]
    [InlineData("audit.pub.pem", "does not exist")]
    public async Task Verify_NoFolder_Exits3(string name, string expected)
    {
        using var audit = new AuditFixture();

        var answer = await audit.RunAsync("verify", audit.PathOf(name), "--public-key", audit.PublicKey);

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_KeyThatIsNone_Exits3AndNamesTheFile()
    {
        using var audit = new AuditFixture();
        var none = audit.Keep("none.pem", "no key"u8.ToArray());

        var answer = await audit.Write(AuditFixture.Requests(1)).RunAsync("verify", audit.Log, "--public-key", none);

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("none.pem' cannot be used as --public-key. It is no public key in PEM.", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WithoutAKey_IsWrongUsage()
    {
        using var audit = new AuditFixture();

        Assert.Equal(2, (await audit.RunAsync("verify", audit.Log)).ExitCode);
    }

    [Fact]
    public async Task Verify_LogOnATerminal_LeavesNoProgressBehind()
    {
        using var audit = new AuditFixture();
        audit.Write(AuditFixture.Requests(4));

        var answer = await audit.Tool.RunOnTerminalAsync(80, "audit", "verify", audit.Log, "--public-key", audit.PublicKey);

        Assert.StartsWith("The log verifies.", answer.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Files(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles().OrderBy(static file => file.Name, StringComparer.Ordinal).Select(static file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks} {file.CreationTimeUtc.Ticks}")];
}
