using System.Net.Http.Json;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>What one request does to its user stays in that request.</summary>
public sealed class UserTests
{
    [Fact]
    public async Task User_ChangedByOneRequest_IsAsItWasInTheNext()
    {
        await using var app = await StartAsync();

        var first = await app.Client.GetFromJsonAsync<string[]>("/change", TestContext.Current.CancellationToken);
        var second = await app.Client.GetFromJsonAsync<string[]>("/own", TestContext.Current.CancellationToken);

        Assert.Contains("role", first!);
        Assert.Equal(["key_id", "scope", "sub"], second!);
    }

    [Fact]
    public async Task User_ReplacedByOneRequest_IsAsItWasInTheNext()
    {
        await using var app = await StartAsync();

        var first = await app.Client.GetFromJsonAsync<string[]>("/replace", TestContext.Current.CancellationToken);
        var second = await app.Client.GetFromJsonAsync<string[]>("/own", TestContext.Current.CancellationToken);

        Assert.Equal(["root"], first!);
        Assert.Equal(["key_id", "scope", "sub"], second!);
    }

    [Fact]
    public async Task User_UnguardedRequestAfterAGuardedOne_IsItsOwnCaller()
    {
        await using var app = await StartAsync();
        await app.Client.GetStringAsync("/own", TestContext.Current.CancellationToken);

        var stranger = await app.Stranger.GetFromJsonAsync<string[]>("/plain", TestContext.Current.CancellationToken);
        var caller = await app.Client.GetFromJsonAsync<string[]>("/plain", TestContext.Current.CancellationToken);

        Assert.Empty(stranger!);
        Assert.Equal(["key_id", "scope", "sub"], caller!);
    }

    private static Task<GuardedApp> StartAsync() => GuardedApp.StartAsync(use: static app =>
    {
        app.UseSecureInference();
        app.MapGet("/change", static (HttpContext http) =>
        {
            ((ClaimsIdentity)http.User.Identity!).AddClaim(new Claim("role", "root"));
            http.User.AddIdentity(new ClaimsIdentity([new Claim("role", "root")], "app"));
            return Claims(http);
        }).RequireInferenceGuards("fake");
        app.MapGet("/replace", static (HttpContext http) =>
        {
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("root", "")], "app"));
            return Claims(http);
        }).RequireInferenceGuards("fake");
        app.MapGet("/own", Claims).RequireInferenceGuards("fake");
        app.MapGet("/plain", Claims);
    });

    private static string[] Claims(HttpContext http) => [.. http.User.Claims.Select(static claim => claim.Type).Order(StringComparer.Ordinal)];
}
