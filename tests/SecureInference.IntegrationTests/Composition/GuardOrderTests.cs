using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>The guards have one order, by hand or by UseSecureInference(); another one stops the start.</summary>
public sealed class GuardOrderTests
{
    private const string Order = "UseInferenceArrival(), UseInferenceAuditing(), UseInferenceAuthentication(), UseInferenceAuthorization(), UseInferenceRateLimiting()";

    private static readonly Action<IApplicationBuilder>[] Guards =
    [
        static app => app.UseInferenceArrival(),
        static app => app.UseInferenceAuditing(),
        static app => app.UseInferenceAuthentication(),
        static app => app.UseInferenceAuthorization(),
        static app => app.UseInferenceRateLimiting(),
    ];

    /// <summary>All pairs of guards, each guard twice among them, that are not in order.</summary>
    public static TheoryData<int, int> WrongPairs => new(
        from first in Enumerable.Range(0, Guards.Length)
        from second in Enumerable.Range(0, first + 1)
        select (first, second));

    [Theory]
    [MemberData(nameof(WrongPairs))]
    public async Task Use_GuardAfterALaterOne_StopsTheStartAndSaysTheOrder(int first, int second)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(use: app =>
        {
            Guards[first](app);
            Guards[second](app);
        }));

        Assert.Contains(Order, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task UseSecureInference_BesideAGuardOfItsOwn_StopsTheStart(int guard)
    {
        var before = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(use: app =>
        {
            Guards[guard](app);
            app.UseSecureInference();
        }));
        var after = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(use: app =>
        {
            app.UseSecureInference();
            Guards[guard](app);
        }));

        Assert.Contains(Order, before.Message, StringComparison.Ordinal);
        Assert.Contains(Order, after.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseSecureInference_Twice_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GuardedApp.StartAsync(use: static app => app.UseSecureInference().UseSecureInference()));

        Assert.Contains("Call it once", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_AllGuardsByHand_GuardsTheProtocol()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, static app =>
        {
            Array.ForEach(Guards, guard => guard(app));
            app.MapSecureInference();
        });

        using var stranger = await app.Stranger.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        using var caller = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
        Assert.Equal(1, model.Runs);
        var kinds = (await app.StopAndReadAuditAsync()).Select(static record => record.GetProperty("kind").GetString());
        Assert.Equal(["decision", "outcome", "refusals"], kinds.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Use_OwnStagesBetweenTheGuards_RunInTheirPlacesAndKnowWhatIsKnown(bool byHand)
    {
        var seen = new List<string>();
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), app =>
        {
            if (byHand)
            {
                for (var index = 0; index < Guards.Length; index++)
                {
                    Guards[index](app);
                    var stage = (InferenceStage)index;
                    app.Use((http, next) => Note(stage)(http, next));
                }
            }
            else
            {
                app.UseSecureInference(guards => Array.ForEach(Enum.GetValues<InferenceStage>(), stage => guards.InsertAfter(stage, Note(stage))));
            }

            app.MapSecureInference();
        });

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        Assert.Equal(
            ["Arrival: nobody", "Auditing: nobody", "Authentication: tester", "Authorization: tester on fake", "RateLimiting: tester on fake"], seen);

        Func<HttpContext, RequestDelegate, Task> Note(InferenceStage stage) => (http, next) =>
        {
            var context = InferenceContext.Get(http);
            seen.Add($"{stage}: {context.Caller?.Subject ?? "nobody"}{(context.Model is null ? "" : " on ")}{context.Model}");
            return next(http);
        };
    }

    [Theory]
    [InlineData(InferenceStage.Arrival)]
    [InlineData(InferenceStage.Auditing)]
    [InlineData(InferenceStage.Authentication)]
    [InlineData(InferenceStage.Authorization)]
    [InlineData(InferenceStage.RateLimiting)]
    public async Task InsertAfter_StageThatAnswers_IsRecordedAsARefusal(InferenceStage stage)
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, app =>
        {
            app.UseSecureInference(guards => guards.InsertAfter(stage, static (http, _) =>
            {
                http.Response.StatusCode = StatusCodes.Status418ImATeapot;
                return Task.CompletedTask;
            }));
            app.MapSecureInference();
        });

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal(0, model.Runs);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(stage == InferenceStage.Arrival ? 0 : stage == InferenceStage.Auditing ? 1 : 2, records.Count);
        Assert.All(records, static record => Assert.Equal("not_run", record.GetProperty("rule").GetString()));
        Assert.All(
            records.Where(static record => !record.GetProperty("kind").ValueEquals("outcome")),
            static record => Assert.Equal("refuse", record.GetProperty("decision").GetString()));
    }
}
