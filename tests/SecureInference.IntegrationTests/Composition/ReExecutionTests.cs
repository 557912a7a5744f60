using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>Middleware that runs the pipeline again on another path: nothing unguarded, and no second record.</summary>
public sealed class ReExecutionTests
{
    [Fact]
    public async Task UseExceptionHandler_GuardedEndpointThrows_AnswersAndRecordsOnce()
    {
        string? seen = null;
        await using var app = await GuardedApp.StartAsync(use: app =>
        {
            app.UseExceptionHandler("/error");
            app.UseSecureInference();
            app.MapGet("/own", string () => throw new InvalidTimeZoneException("inside")).RequireInferenceGuards("fake");
            app.MapGet("/error", (HttpContext http) =>
            {
                seen = http.Features.Get<IExceptionHandlerFeature>()?.Error.Message;
                return "sorry";
            });
        });

        using var response = await app.Client.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("sorry", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("inside", seen);
        await AssertRecordsAsync(app, "allow", 500);
    }

    [Fact]
    public async Task UseStatusCodePagesWithReExecute_GuardedEndpointAnswersWithoutABody_RecordsOnce()
    {
        await using var app = await GuardedApp.StartAsync(use: static app =>
        {
            app.UseStatusCodePagesWithReExecute("/status/{0}");
            app.UseSecureInference();
            app.MapGet("/own", static () => Results.StatusCode(409)).RequireInferenceGuards("fake");
            app.MapGet("/status/{status}", static (int status) => $"status {status}");
        });

        using var response = await app.Client.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("status 409", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await AssertRecordsAsync(app, "allow", 409);
    }

    [Fact]
    public async Task UseStatusCodePagesWithReExecute_GuardsRefuse_LeavesTheirAnswerAsItIs()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), static app =>
        {
            app.UseStatusCodePagesWithReExecute("/status/{0}");
            app.UseSecureInference();
            app.MapSecureInference();
            app.MapGet("/status/{status}", static (int status) => $"status {status}");
        });

        using var response = await app.Client.GetAsync("/v2/models/none", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        await AssertRecordsAsync(app, "refuse", 404);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Unauthorized)]
    [InlineData(false, HttpStatusCode.InternalServerError)]
    public async Task UseStatusCodePagesWithReExecute_OntoAGuardedPath_DoesNotRunItForAStranger(bool isBeforeTheGuards, HttpStatusCode status)
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, app =>
        {
            if (isBeforeTheGuards)
            {
                app.UseStatusCodePagesWithReExecute(EchoApp.InferPath);
            }

            app.UseSecureInference();
            if (!isBeforeTheGuards)
            {
                app.UseStatusCodePagesWithReExecute(EchoApp.InferPath);
            }

            app.MapSecureInference();
        });

        using var response = await app.Stranger.PostAsync("/missing", EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(0, model.Runs);
    }

    [Fact]
    public async Task UseExceptionHandler_OntoAGuardedPathBehindTheGuards_DoesNotRunAnotherModel()
    {
        var model = FakeModel.Echo();
        await using var app = await GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, model, name: "open");
                EchoApp.Add(guards, model, name: "secret");
            },
            static app =>
            {
                app.UseSecureInference();
                app.UseExceptionHandler("/v2/models/secret/infer");
                app.Use(static (http, next) => http.Request.Path.Value!.Contains("open", StringComparison.Ordinal)
                    ? throw new InvalidTimeZoneException()
                    : next(http));
                app.MapSecureInference();
            });
        var key = await EchoApp.AddKeyAsync(app, "other", ["model:open:infer"], TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/open/infer") { Content = EchoApp.Content() };
        request.Headers.Add("x-api-key", key);

        using var response = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, model.Runs);
    }

    private static async Task AssertRecordsAsync(GuardedApp app, string decision, int status)
    {
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(["decision", "outcome"], records.Select(static record => record.GetProperty("kind").GetString()));
        Assert.Equal(decision, records[0].GetProperty("decision").GetString());
        Assert.Equal(status, records[1].GetProperty("status").GetInt32());
    }
}
