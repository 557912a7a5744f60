using System.Globalization;
using System.Text.Json;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Every endpoint that the app has, in every disguise, by every verb: nothing runs without its right, and no answer tells what is inside.</summary>
public sealed class EveryRouteTests(EveryRouteFixture fixture) : IClassFixture<EveryRouteFixture>
{
    private const string Host = "Host: localhost\r\n";
    private static readonly string[] Two = ["GET", "POST"];

    public static TheoryData<string> Spellings => [.. Disguises.Spellings.Keys];

    public static TheoryData<string> Headers => [.. Disguises.Headers.Keys];

    public static TheoryData<string> Verbs => [.. Disguises.Verbs];

    [Fact]
    public async Task EveryRoute_RightKey_IsThere()
    {
        var runs = fixture.Model.Runs;
        var found = new List<string>();

        foreach (var path in fixture.Paths)
        {
            foreach (var verb in Two)
            {
                var answer = await SendAsync(verb, path, Host, fixture.App.Key);
                if (StatusOf(answer) == 200)
                {
                    found.Add(path);
                }
            }
        }

        // So that the other tests ask for what exists: all but the two for which this key has no right, and the path of nothing.
        Assert.Equal(
            fixture.Paths.Except(["/own/group", "/own/group/any", "/v2/nothing/here"]).Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(runs + 4, fixture.Model.Runs);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public Task EveryRoute_OddlySpelt_NeverRunsWithoutItsRight(string spelling) => AttackAsync(Two, Disguises.Spellings[spelling], Host);

    [Theory]
    [MemberData(nameof(Headers))]
    public Task EveryRoute_OddHeaders_NeverRunsWithoutItsRight(string headers) => AttackAsync([.. Two, "OPTIONS"], static path => path, Disguises.Headers[headers]);

    [Theory]
    [MemberData(nameof(Verbs))]
    public Task EveryRoute_EveryVerb_NeverRunsWithoutItsRight(string verb) => AttackAsync([verb], static path => path, Host);

    private async Task AttackAsync(string[] verbs, Func<string, string> spell, string headers)
    {
        var runs = fixture.Model.Runs;
        foreach (var path in fixture.Paths)
        {
            foreach (var verb in verbs)
            {
                var target = spell(path);
                AssertStranger(await SendAsync(verb, target, headers, key: null), $"{verb} {target}");
                AssertKnown(await SendAsync(verb, target, headers, fixture.Other), $"{verb} {target}", "\"fake\"");
                AssertKnown(await SendAsync(verb, target, headers, fixture.Reader), $"{verb} {target}", "model_name");
            }
        }

        Assert.Equal(runs, fixture.Model.Runs);
    }

    private void AssertStranger(string answer, string request)
    {
        var (status, body) = (StatusOf(answer), BodyOf(answer));
        AssertTellsNothing(answer, request);
        if (status is >= 200 and < 300)
        {
            // A HEAD of health has no body.
            Assert.True(body is """{"live":true}""" or """{"ready":true,"live":true}""" || (body == "" && request.Contains("health", StringComparison.OrdinalIgnoreCase)), $"{request}: {answer}");
            return;
        }

        Assert.True(status is 400 or 401 or 404 or 405 or 505, $"{request}: {answer}");
        if (body != "")
        {
            using var json = JsonDocument.Parse(body);
            Assert.Contains(
                json.RootElement.GetProperty("detail").GetString(),
                new[] { InferenceErrors.CredentialMissingFrom("x-api-key").Detail, InferenceErrors.MethodNotAllowed("GET, HEAD").Detail });
        }
    }

    private void AssertKnown(string answer, string request, string secret)
    {
        var status = StatusOf(answer);
        AssertTellsNothing(answer, request);
        Assert.True(status is (>= 200 and < 300) or (>= 400 and < 500) or 505, $"{request}: {answer}");
        Assert.False(status is >= 200 and < 300 && (BodyOf(answer).Contains(secret, StringComparison.Ordinal) || BodyOf(answer) == "ran"), $"{request}: {answer}");
    }

    private void AssertTellsNothing(string answer, string request)
    {
        var root = Path.GetDirectoryName(fixture.App.StorePath)!;
        foreach (var inside in new[] { root, "SecureInference.", "Microsoft.", "System.", "Exception", "   at ", fixture.App.Key, fixture.App.Key[21..41] })
        {
            Assert.False(answer.Contains(inside, StringComparison.OrdinalIgnoreCase), $"{request} is told {inside}: {answer}");
        }
    }

    private async Task<string> SendAsync(string verb, string target, string headers, string? key)
    {
        var credential = key is null ? "" : $"x-api-key: {key}\r\n";
        var request = string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} {target} HTTP/1.1\r\n{headers}{credential}Connection: close\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body}");
        return await RawClient.ExchangeAsync(fixture.App.Address, request.Replace("KEY", fixture.App.Key, StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    /// <summary>The status of the last answer: 100 may come before it.</summary>
    private static int StatusOf(string answer)
    {
        var statuses = RawClient.Statuses(answer);
        Assert.NotEmpty(statuses);
        return statuses[^1];
    }

    private static string BodyOf(string answer) => answer[(answer.LastIndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
