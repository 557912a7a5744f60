using System.Net;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.IntegrationTests.Samples;

public sealed class KeyStoreChangeTests
{
    private const string BrokenStore = "The key store cannot be read";

    [Fact]
    public async Task Store_KeyIsRevoked_IsRefusedSoonAndOthersPass()
    {
        await using var sample = await StartAsync();
        var doomed = sample.AddKey("doomed", "model:*:infer");
        await BecomesAsync(sample, doomed, HttpStatusCode.OK);

        Revoke(sample, "doomed");

        await BecomesAsync(sample, doomed, HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(sample, sample.Key));
    }

    [Fact]
    public async Task Store_OwnersRightsChange_ApplyToTheNextRequest()
    {
        await using var sample = await StartAsync();
        var key = sample.AddKey("guest", "model:digits:read");
        await BecomesAsync(sample, key, HttpStatusCode.OK);
        var file = ApiKeyFile.Read(sample.StorePath);

        // Whoever can write the file still cannot lend a key other rights: its verifier is over them.
        Write(sample, file with { Keys = [.. file.Keys.Select(static row => row.Owner == "guest" ? row with { Scopes = ["model:*:infer"] } : row)] });

        await BecomesAsync(sample, key, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":1,"generation":9,"keys":[]}""")]
    [InlineData("""{"version":2,"generation":9,"keys":null}""")]
    [InlineData("""{"version":2,"generation":9,"keys":[null]}""")]
    [InlineData("""{"version":2,"generation":9,"keys":[{"id":null,"environment":"live","owner":"o","scopes":[],"created":"2026-01-01T00:00:00Z","secrets":[]}]}""")]
    [InlineData("""{"version":2,"generation":9,"keys":[{"id":"a","environment":"live","owner":"o","scopes":[],"created":"2026-01-01T00:00:00Z","secrets":[{"verifier":null,"created":"2026-01-01T00:00:00Z"}]}]}""")]
    [InlineData("""{"version":2,"generation":9,"keys":[{"id":"a","environment":"live","owner":"o","scopes":null,"created":"2026-01-01T00:00:00Z","secrets":[]}]}""")]
    [InlineData("""{"version":2,"generation":9,"keys":[{"id":"a","environment":"live","owner":"o","scopes":[null],"created":"2026-01-01T00:00:00Z","secrets":[]}]}""")]
    public async Task Store_IsBroken_KeepsTheKeysSaysSoAndHeals(string content)
    {
        await using var sample = await StartAsync();

        await File.WriteAllTextAsync(sample.StorePath + ".new", content, TestContext.Current.CancellationToken);
        File.Move(sample.StorePath + ".new", sample.StorePath, overwrite: true);

        await Eventually.IsTrueAsync(
            () => sample.Process.HasExited || sample.Process.Output.Contains(BrokenStore, StringComparison.Ordinal), "the broken store is noticed");
        Assert.False(sample.Process.HasExited, sample.Process.Output);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(sample, sample.Key));
        File.Delete(sample.StorePath);
        var healed = sample.AddKey("healed", "model:*:infer");
        await BecomesAsync(sample, healed, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Store_IsDeleted_KeepsTheKeysAndSaysSo()
    {
        await using var sample = await StartAsync();

        File.Delete(sample.StorePath);

        await Eventually.IsTrueAsync(() => sample.Process.Output.Contains(BrokenStore, StringComparison.Ordinal), "the missing store is noticed");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(sample, sample.Key));
    }

    [Fact]
    public async Task Store_BehindALinkThatIsSwapped_IsReadAgain()
    {
        await using var sample = new DigitsSample();
        var folder = Path.GetDirectoryName(sample.StorePath)!;
        var first = Directory.CreateDirectory(Path.Combine(folder, "first"));
        var second = Directory.CreateDirectory(Path.Combine(folder, "second"));
        File.Move(sample.StorePath, Path.Combine(first.FullName, "keys.json"));
        var newcomer = TestSupport.TestKeys.Add(Path.Combine(second.FullName, "keys.json"), "newcomer", ["model:*:infer"]);
        var link = Path.Combine(folder, "data");
        Directory.CreateSymbolicLink(link, first.FullName);
        File.CreateSymbolicLink(sample.StorePath, Path.Combine(link, "keys.json"));
        sample.Settings["ApiKeys:PollInterval"] = "00:00:00.050";
        await sample.InitializeAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(sample, newcomer));

        // As Kubernetes does it: the link inside the mount is replaced by a rename.
        Directory.CreateSymbolicLink(link + "_tmp", second.FullName);
        Directory.Move(link + "_tmp", link + "_new");
        File.Delete(link);
        Directory.Move(link + "_new", link);

        await BecomesAsync(sample, newcomer, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(sample, sample.Key));
    }

    private static async Task<DigitsSample> StartAsync()
    {
        var sample = new DigitsSample();
        sample.Settings["ApiKeys:PollInterval"] = "00:00:00.050";
        await sample.InitializeAsync();
        return sample;
    }

    private static void Revoke(DigitsSample sample, string owner)
    {
        var file = ApiKeyFile.Read(sample.StorePath);
        var now = TimeProvider.System.GetUtcNow();
        Write(sample, file with { Keys = [.. file.Keys.Select(row => row.Owner == owner ? row with { Revoked = now } : row)] });
    }

    private static void Write(DigitsSample sample, ApiKeyFile file) => (file with { Generation = file.Generation + 1 }).Write(sample.StorePath);

    private static Task BecomesAsync(DigitsSample sample, string key, HttpStatusCode status) =>
        Eventually.IsTrueAsync(async () => await AskAsync(sample, key) == status, $"the key is answered {status}");

    private static async Task<HttpStatusCode> AskAsync(DigitsSample sample, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.Add("x-api-key", key);
        using var response = await sample.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
