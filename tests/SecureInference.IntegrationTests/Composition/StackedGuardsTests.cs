using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>What an endpoint demands besides, or twice, must not make it easier to reach.</summary>
public sealed class StackedGuardsTests
{
    [Fact]
    public async Task RequireInferenceGuards_OnAnEndpointAndItsGroup_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(use: static app =>
        {
            app.UseSecureInference();
            app.MapGroup("/team").RequireInferenceGuards("fake", "admin").MapGet("/own", static () => "ran").RequireInferenceGuards("fake", "read");
        }));

        Assert.Contains("guards twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequireInferenceGuards_OnTheProtocol_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(use: static app =>
        {
            app.UseSecureInference();
            app.MapSecureInference().RequireInferenceGuards("fake", "admin");
        }));

        Assert.Contains("guards twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequireInferenceGuards_ModelThatIsNotServed_IsSaidAtTheStart()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), use: static app =>
        {
            app.UseSecureInference();
            app.MapGet("/own", static () => "ran").RequireInferenceGuards("fak");
        });

        Assert.Contains(app.Log.Entries, static entry => entry.EventId == 1001 && entry.Message.Contains("fak", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OwnEndpoint_RequirementOfTheApp_AppliesBesideTheGuards()
    {
        await using var app = await GuardedApp.StartAsync(
            use: static app =>
            {
                app.UseSecureInference();
                app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake").WithMetadata(new NeverAttribute());
            },
            services: static services => services.AddAuthorization().AddAuthentication("None").AddCookie("None", static cookie => cookie.Events.OnRedirectToAccessDenied = static denied =>
            {
                denied.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }));

        using var answer = await app.Client.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [AttributeUsage(AttributeTargets.All)]
    private sealed class NeverAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new AssertionRequirement(static _ => false)];
    }
}
