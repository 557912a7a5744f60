using System.Text.Json;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Tests.Audit;

public sealed class ProveCommandTests : IDisposable
{
    private readonly AuditFixture _audit = new();

    private string Proof => _audit.PathOf("request.proof");

    public void Dispose() => _audit.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(13)]
    public async Task Prove_EveryRequest_VerifiesOfflineAlsoWithCodeOfAnother(int requests)
    {
        _audit.Write(AuditFixture.Requests(requests));
        for (var number = 0; number < requests; number++)
        {
            Assert.Equal(0, (await ProveAsync(AuditFixture.Id(number))).ExitCode);

            var answer = await CheckAsync();
            var proven = await ForeignProofCheck.VerifyAsync(Proof, _audit.PublicKey);

            Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
            Assert.Contains($"request       {AuditFixture.Id(number)}", answer.Output, StringComparison.Ordinal);
            Assert.Equal([2L * number, (2L * number) + 1], proven);
        }
    }

    [Fact]
    public async Task Prove_OneRequest_HoldsNothingOfOthers()
    {
        _audit.Write(AuditFixture.Decision(AuditFixture.Id(1), caller: "neighbour"), AuditFixture.Decision(AuditFixture.Id(2)));
        await ProveAsync(AuditFixture.Id(2));

        var answer = await _audit.RunAsync("verify-proof", Proof, "--public-key", _audit.PublicKey, "--json");

        using var record = JsonDocument.Parse(Assert.Single(answer.Lines, static line => line.Length > 0));
        Assert.Equal("shop", record.RootElement.GetProperty("caller").GetString());
        Assert.DoesNotContain(Convert.ToBase64String("neighbour"u8.ToArray())[..8], await File.ReadAllTextAsync(Proof, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_ChangedAtAnyCharacter_ProvesNothing()
    {
        _audit.Write(AuditFixture.Requests(5));
        await ProveAsync(AuditFixture.Id(2));
        var proof = await File.ReadAllTextAsync(Proof, TestContext.Current.CancellationToken);
        for (var at = 0; at < proof.Length; at += 7)
        {
            await File.WriteAllTextAsync(Proof, proof[..at] + (proof[at] == 'B' ? 'C' : 'B') + proof[(at + 1)..], TestContext.Current.CancellationToken);

            var answer = await CheckAsync();

            Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
        }
    }

    [Fact]
    public async Task VerifyProof_ByAnotherKey_ProvesNothing()
    {
        using var other = SigningKey.Make();
        _audit.Write(AuditFixture.Requests(2));
        await ProveAsync(AuditFixture.Id(1));
        await File.WriteAllTextAsync(_audit.PublicKey, other.Public.Pem, TestContext.Current.CancellationToken);

        var answer = await CheckAsync();

        Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
        Assert.Contains("is not signed by the key you gave", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_RequestThatIsNotThere_IsRefusedAndWritesNothing()
    {
        _audit.Write(AuditFixture.Requests(2));

        var answer = await ProveAsync(AuditFixture.Id(99));

        Assert.Equal(1, answer.ExitCode);
        Assert.False(File.Exists(Proof));
    }

    [Fact]
    public async Task Prove_LogThatDoesNotVerify_Fails()
    {
        AuditFixture.Change(_audit.Write(AuditFixture.Requests(20)).Segment(2), static bytes => bytes[..^1]);

        var answer = await ProveAsync(AuditFixture.Id(0));

        Assert.Equal(13, answer.ExitCode);
        Assert.False(File.Exists(Proof));
    }

    [Fact]
    public async Task Prove_AfterRetention_StillProvesWhatIsLeft()
    {
        using (var store = _audit.Open(new LogSettings { SegmentBytes = 900, KeepSegments = 2 }))
        {
            AuditFixture.Append(store, AuditFixture.Requests(30));
        }

        Assert.Equal(0, (await ProveAsync(AuditFixture.Id(29))).ExitCode);
        var answer = await CheckAsync();
        var proven = await ForeignProofCheck.VerifyAsync(Proof, _audit.PublicKey);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal([58L, 59], proven);
    }

    [Fact]
    public async Task Prove_AfterAChangeOfKeys_IsCheckedWithTheNewKey()
    {
        using var key = SigningKey.Make();
        using (var store = _audit.Write(AuditFixture.Requests(3)).Open(keys: new LogKeys(key, _audit.Keys.Current)))
        {
            AuditFixture.Append(store, AuditFixture.Decision(AuditFixture.Id(50)));
        }

        var proven = await ProveAsync(AuditFixture.Id(1));
        var withOldKey = await CheckAsync();
        await File.WriteAllTextAsync(_audit.PublicKey, key.Public.Pem, TestContext.Current.CancellationToken);
        var withNewKey = await CheckAsync();

        Assert.Contains("needs that newer public key", proven.Error, StringComparison.Ordinal);
        Assert.Equal((0, 1, 0), (proven.ExitCode, withOldKey.ExitCode, withNewKey.ExitCode));
    }

    [Fact]
    public async Task Prove_IntoTheFolderOfTheLog_IsWrongUsage()
    {
        _audit.Write(AuditFixture.Requests(1));

        var answer = await _audit.RunAsync("prove", _audit.Log, "--request", AuditFixture.Id(0), "--public-key", _audit.PublicKey, "--output", Path.Combine(_audit.Log, "proof"));

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("where only the server writes", answer.Error, StringComparison.Ordinal);
    }

    private Task<ToolAnswer> ProveAsync(string id) =>
        _audit.RunAsync("prove", _audit.Log, "--request", id, "--public-key", _audit.PublicKey, "--output", Proof);

    private Task<ToolAnswer> CheckAsync() => _audit.RunAsync("verify-proof", Proof, "--public-key", _audit.PublicKey);
}
