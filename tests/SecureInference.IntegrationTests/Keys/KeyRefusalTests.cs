using SecureInference.IntegrationTests.Samples;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.IntegrationTests.Keys;

/// <summary>Whatever is wrong with a key, the answer is the same: over a real socket, byte for byte.</summary>
public sealed class KeyRefusalTests
{
    private static readonly DateTimeOffset Past = KeyStoreEditor.Now.AddDays(-1);

    [Theory]
    [InlineData(403)]
    [InlineData(401)]
    public async Task Send_KeyThatIsNotAcceptedForAnyReason_GetsOneAnswerAndTheLogKnowsWhy(int status)
    {
        await using var app = await KeyApp.StartAsync(("ApiKeys:RejectedStatusCode", $"{status}"));
        var store = new KeyStoreEditor(app.StorePath);
        var keys = MakeKeys(store);
        var last = store.Add("last");
        await Eventually.IsTrueAsync(async () => await KeyApp.AskAsync(app, last) == 200, "the last key is read");
        var refusals = new Dictionary<string, Refusal>();

        foreach (var (reason, key) in keys)
        {
            refusals[reason] = await SendAsync(app, key);
        }

        var first = refusals["key_unknown"];
        Assert.All(refusals.Values, refusal => Assert.Equal((status, "credential_rejected"), (refusal.Status, refusal.Rule)));
        Assert.All(refusals.Values, refusal => Assert.Equal(first.BodyButForTraceId, refusal.BodyButForTraceId));
        Assert.All(refusals.Values, refusal => Assert.Equal(first.HeadersButForDate, refusal.HeadersButForDate));
        var records = await app.StopAndReadAuditAsync();
        var rules = records.Select(static record => record.TryGetProperty("rule", out var rule) ? rule.GetString() : null).ToHashSet();
        Assert.All(keys.Keys, reason => Assert.Contains(reason.Split(' ')[0], rules));
    }

    private static Dictionary<string, string> MakeKeys(KeyStoreEditor store)
    {
        var wrongSecret = ApiKey.Create(ApiKey.Live, store.Add("shop").Split('_')[2]);
        var keys = new Dictionary<string, string>
        {
            ["key_malformed"] = "x",
            ["key_malformed (empty)"] = "",
            ["key_unknown"] = ApiKey.Create(ApiKey.Live, ApiKey.CreateId()),
            ["key_unknown (wrong secret)"] = wrongSecret,
            ["key_expired"] = store.Add("late", expires: Past),
            ["key_suspended"] = store.Add("paused", state: static row => row with { Suspended = Past }),
            ["key_revoked"] = store.Add("gone", state: static row => row with { Revoked = Past }),
            ["key_wrong_network"] = store.Add("elsewhere", rights: static row => row with { Networks = ["10.0.0.0/8"] }),
            ["key_superseded"] = store.Add("rotated"),
            ["key_revoked (with all)"] = store.Add("old", rights: static row => row with { Created = Past }),
        };
        store.ChangeRow(keys["key_superseded"], row => store.Issuer.Rotate(row, KeyStoreEditor.Now, TimeSpan.Zero, expires: null, out _));
        store.Change(static file => file with { RevokedBefore = Past });
        return keys;
    }

    private static Task<Refusal> SendAsync(TestSupport.GuardedApp app, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.TryAddWithoutValidation("x-api-key", key);
        return Refusal.SendAsync(app.Stranger, request);
    }
}
