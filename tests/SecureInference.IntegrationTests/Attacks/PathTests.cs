using System.Globalization;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Other spellings of a guarded path: whatever a proxy or the router makes of them, nothing runs without a right.</summary>
public sealed class PathTests(EchoAppFixture fixture) : IClassFixture<EchoAppFixture>
{
    private const string Host = "Host: localhost\r\n";

    /// <summary>Request targets, and further headers.</summary>
    private static readonly (string Target, string Headers)[] Corpus =
    [
        ("//v2/models/fake/infer", Host),
        ("///v2//models//fake//infer", Host),
        ("/v2//models/fake/infer", Host),
        ("/v2/./models/fake/infer", Host),
        ("/v2/../v2/models/fake/infer", Host),
        ("/v2/health/../models/fake/infer", Host),
        ("/v2/health/live/../../models/fake/infer", Host),
        ("/v2/health/live/..%2f..%2fmodels/fake/infer", Host),
        ("/v2/%2e%2e/v2/models/fake/infer", Host),
        ("/v2/health/%2e%2e/models/fake/infer", Host),
        ("/v2/health/%252e%252e/models/fake/infer", Host),
        ("/v2%2fmodels%2ffake%2finfer", Host),
        ("/v2/models/fake%2finfer", Host),
        ("/v2/models%5cfake%5cinfer", Host),
        (@"/v2\models\fake\infer", Host),
        (@"\v2\models\fake\infer", Host),
        ("/%76%32/models/fake/infer", Host),
        ("/v2/models/%66ake/infer", Host),
        ("/v2/models/%2566ake/infer", Host),
        ("/V2/Models/fake/Infer", Host),
        ("/v2/models/FAKE/infer", Host),
        ("/v2/models/fake/infer/", Host),
        ("/v2/models/fake/infer//", Host),
        ("/v2/models/fake/infer%20", Host),
        ("/v2/models/fake/infer.json", Host),
        ("/v2/models/fake/infer;a=b", Host),
        ("/v2;a=b/models/fake/infer", Host),
        ("/v2/models/fake;a=b/infer", Host),
        ("/v2/models/fake/infer?x-api-key=KEY", Host),
        ("/v2/models/fake/infer?api_key=KEY&access_token=KEY", Host),
        ("/v2/models/fake/infer#/v2/health/live", Host),
        ("/v2/models/fake/infer?/v2/health/live", Host),
        ("/v2/models/fake/versions/1/infer", Host),
        ("/v2/models/fake/versions/../infer", Host),
        ("/v2/models/fake/versions/%2e%2e/infer", Host),
        ("/v2/models/../fake/infer", Host),
        ("/v2/models/%00/infer", Host),
        ("/v2/models/%c0%ae%c0%ae/infer", Host),
        ("/v2/models/%ef%bc%8e%ef%bc%8e/infer", Host),
        ("/v2/models/f\u00e4ke/infer", Host),
        ("http://localhost/v2/models/fake/infer", Host),
        ("http://user:password@localhost/v2/models/fake/infer", Host),
        ("https://localhost/v2/models/fake/infer", Host),
        ("ftp://localhost/v2/models/fake/infer", Host),
        ("*", Host),
        ("/", Host),
        ("/v2/models/fake/infer", "Host: \r\n"),
        ("/v2/models/fake/infer", "Host: /v2/health/live?\r\n"),
        ("/v2/models/fake/infer", "Host: evil.example\r\n"),
        ("/v2/models/fake/infer", "Host: [::1]:99999\r\n"),
        ("/v2/models/fake/infer", "Host: localhost#\r\n"),
        ("/v2/health/live", Host + "X-Original-URL: /v2/models/fake/infer\r\nX-Rewrite-URL: /v2/models/fake/infer\r\n"),
        ("/v2/models/fake/infer", Host + "X-Original-URL: /v2/health/live\r\nX-Rewrite-URL: /v2/health/live\r\n"),
        ("/v2/models/fake/infer", Host + "X-Forwarded-Prefix: /v2/health/live\r\nX-Forwarded-Path: /v2/health/live\r\n"),
        ("/v2/models/fake/infer", Host + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: localhost\r\nForwarded: for=127.0.0.1\r\n"),
        ("/v2/models/fake/infer", Host + "X-HTTP-Method-Override: GET\r\nX-HTTP-Method: GET\r\nX-Method-Override: GET\r\n"),
        ("/v2/health/live", Host + "X-HTTP-Method-Override: POST\r\n"),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Corpus.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Infer_OddPathWithoutCredential_NeverRuns(int index)
    {
        var runs = fixture.Model.Runs;

        var answers = await SendAsync(index, "");

        Assert.InRange(Assert.Single(RawClient.Statuses(answers)), 400, 499);
        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Infer_OddPathWithTheRightKey_NeverFails(int index)
    {
        var runs = fixture.Model.Runs;

        var answers = await SendAsync(index, $"x-api-key: {fixture.App.Key}\r\n");

        var status = Assert.Single(RawClient.Statuses(answers));
        Assert.InRange(status, 200, 499);
        Assert.Equal(status == 200 ? runs + 1 : runs, fixture.Model.Runs);
    }

    [Fact]
    public async Task Infer_OddPathsWithAKeyForAnotherModel_NeverRun()
    {
        await using var app = await EchoApp.StartAsync(fixture.Model);
        var key = await EchoApp.AddKeyAsync(app, "other", ["model:other:infer", "model:infer:infer", "admin"], TestContext.Current.CancellationToken);
        var runs = fixture.Model.Runs;

        var statuses = new List<int>();
        for (var index = 0; index < Corpus.Length; index++)
        {
            statuses.AddRange(RawClient.Statuses(await SendAsync(index, $"x-api-key: {key}\r\n", app)));
        }

        Assert.Equal(Corpus.Length, statuses.Count);
        Assert.All(statuses, static status => Assert.InRange(status, 400, 499));
        Assert.Equal(runs, fixture.Model.Runs);
    }

    private Task<string> SendAsync(int index, string credential, GuardedApp? app = null)
    {
        var (target, headers) = Corpus[index];
        app ??= fixture.App;
        var request = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {target.Replace("KEY", app.Key, StringComparison.Ordinal)} HTTP/1.1\r\n{headers}{credential}Connection: close\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}");
        return RawClient.ExchangeAsync(app.Address, request, TestContext.Current.CancellationToken);
    }
}
