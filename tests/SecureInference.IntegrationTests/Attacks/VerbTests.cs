using Microsoft.AspNetCore.Http;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Every verb on every route: a guard of one verb is no guard.</summary>
public sealed class VerbTests(EchoAppFixture fixture) : IClassFixture<EchoAppFixture>
{
    private const string Model = "/v2/models/fake";

    private static readonly string[] Verbs =
    [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "QUERY", "M-SEARCH", "MADE-UP", "get", "post", "Post",
    ];

    private static readonly string[] Guarded =
    [
        "/v2", Model, $"{Model}/ready", $"{Model}/infer", $"{Model}/versions/1", $"{Model}/versions/1/ready", $"{Model}/versions/1/infer", "/v2/nothing/here",
    ];

    public static TheoryData<string> AllVerbs => [.. Verbs];

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public async Task EveryRoute_AnyVerbWithoutCredential_IsRefused(string verb)
    {
        var runs = fixture.Model.Runs;

        foreach (var path in Guarded)
        {
            var status = await SendAsync(verb, path, "");
            Assert.True(status is 400 or 401 or 405, $"{verb} {path}: {status}");
        }

        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public async Task EveryRoute_AnyVerbWithAKeyWithoutRights_NeverRuns(string verb)
    {
        var runs = fixture.Model.Runs;
        var key = await EchoApp.AddKeyAsync(fixture.App, "reader", ["model:fake:read"], TestContext.Current.CancellationToken);

        foreach (var path in Guarded)
        {
            var status = await SendAsync(verb, path, key);
            Assert.True(status is >= 400 and < 500 || Reads(verb), $"{verb} {path}: {status}");
            Assert.InRange(status, 200, 499);
        }

        Assert.Equal(runs, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public async Task EveryRoute_AnyVerbWithTheRightKey_RunsForPostAlone(string verb)
    {
        var runs = fixture.Model.Runs;

        foreach (var path in Guarded)
        {
            Assert.InRange(await SendAsync(verb, path, fixture.App.Key), 200, 499);
        }

        Assert.Equal(runs + (HttpMethods.IsPost(verb) ? 2 : 0), fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public async Task Health_AnyVerb_AnswersGetAlone(string verb)
    {
        var status = await SendAsync(verb, "/v2/health/live", "");

        Assert.True(Reads(verb) ? status == 200 : status is 400 or 405, $"{status}");
    }

    // Like the platform's routing, without regard to case.
    private static bool Reads(string verb) => HttpMethods.IsGet(verb) || HttpMethods.IsHead(verb);

    private async Task<int> SendAsync(string verb, string path, string key)
    {
        var credential = key.Length == 0 ? "" : $"x-api-key: {key}\r\n";
        var request = $"{verb} {path} HTTP/1.1\r\nHost: localhost\r\n{credential}Connection: close\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}";
        return Assert.Single(RawClient.Statuses(await RawClient.ExchangeAsync(fixture.App.Address, request, TestContext.Current.CancellationToken)));
    }
}
