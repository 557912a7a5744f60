using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

public sealed class SecureInferencePipelineTests
{
    private const string Order =
        "UseInferenceArrival(), UseInferenceAuditing(), UseInferenceAuthentication(), UseInferenceAuthorization(), UseInferenceRateLimiting()";

    public static TheoryData<InferenceStage, InferenceStage> Pairs
    {
        get
        {
            var pairs = new TheoryData<InferenceStage, InferenceStage>();
            foreach (var first in Enum.GetValues<InferenceStage>())
            {
                foreach (var second in Enum.GetValues<InferenceStage>())
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Use_TwoGuards_StopsTheStartUnlessTheyAreInOrder(InferenceStage first, InferenceStage second)
    {
        using var services = Section.Services(new ConfigurationBuilder().Build());
        var app = new ApplicationBuilder(services);
        Guards.Use[first](app);

        var exception = Record.Exception(() => Guards.Use[second](app));

        Assert.Equal(first >= second, exception is InvalidOperationException);
        Assert.True(exception is null || exception.Message.Contains($"UseInference{second}() is called after UseInference{first}()", StringComparison.Ordinal));
        Assert.True(exception is null || exception.Message.Contains(Order, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(InferenceStage.Arrival)]
    [InlineData(InferenceStage.RateLimiting)]
    public void Use_AllOfThemAndOneMore_StopsTheStart(InferenceStage stage)
    {
        using var services = Section.Services(new ConfigurationBuilder().Build());

        Assert.Throws<InvalidOperationException>(() => Guards.Use[stage](new ApplicationBuilder(services).UseSecureInference()));
        Assert.Throws<InvalidOperationException>(() => Guards.Use[stage](new ApplicationBuilder(services)).UseSecureInference());
        Assert.Throws<InvalidOperationException>(() => new ApplicationBuilder(services).UseSecureInference().UseSecureInference());
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Use_NothingIsAdded_SaysWhatToCall(InferenceStage stage)
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => Guards.Use[stage](new ApplicationBuilder(services)));

        Assert.Equal($"UseInference{stage}() is called, but nothing is added. Call builder.Services.AddSecureInference() first.", exception.Message);
    }

    [Fact]
    public void UseSecureInference_NothingIsAdded_SaysWhatToCall()
    {
        using var services = new ServiceCollection().BuildServiceProvider();

        var exception = Assert.Throws<InvalidOperationException>(() => new ApplicationBuilder(services).UseSecureInference());

        Assert.Equal("UseSecureInference() is called, but nothing is added. Call builder.Services.AddSecureInference() first.", exception.Message);
    }

    [Fact]
    public async Task MapSecureInference_NothingIsAdded_SaysWhatToCall()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        await using var app = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() => ((IEndpointRouteBuilder)app).MapSecureInference());

        Assert.Contains("Call builder.Services.AddSecureInference() first.", exception.Message, StringComparison.Ordinal);
    }

    public static TheoryData<InferenceStage> Stages => [.. Enum.GetValues<InferenceStage>()];

    [Fact]
    public async Task InsertAfter_EveryPoint_RunsBehindItsGuardAndBeforeTheNext()
    {
        var passed = new ConcurrentQueue<string>();
        await using var app = await GuardedApp.StartAsync(use: app =>
        {
            app.UseSecureInference(guards =>
            {
                foreach (var stage in Enum.GetValues<InferenceStage>().Reverse())
                {
                    guards.InsertAfter(stage, (http, next) =>
                    {
                        var context = InferenceContext.Get(http);
                        var marks = Enum.GetValues<InferenceStage>().Where(mark => context.HasPassed(mark, Microsoft.AspNetCore.Http.EndpointHttpContextExtensions.GetEndpoint(http)));
                        passed.Enqueue($"{stage}: {string.Join(' ', marks)}");
                        return next(http);
                    });
                }
            });
            app.MapGet("/guarded", () => "inside").RequireInferenceGuards("digits");
        });

        await app.Client.GetStringAsync("/guarded", TestContext.Current.CancellationToken);

        var stages = Enum.GetNames<InferenceStage>();
        Assert.Equal(stages.Select((stage, index) => $"{stage}: {string.Join(' ', stages.Take(index + 1))}"), passed);
    }

    [Fact]
    public async Task InsertAfter_TwoAtOnePoint_RunInTheOrderOfTheirInsertion()
    {
        var passed = new ConcurrentQueue<int>();
        await using var app = await GuardedApp.StartAsync(use: app =>
        {
            app.UseSecureInference(guards =>
            {
                for (var number = 1; number <= 3; number++)
                {
                    var mine = number;
                    guards.InsertAfter(InferenceStage.Authentication, (http, next) =>
                    {
                        passed.Enqueue(mine);
                        return next(http);
                    });
                }
            });
            app.MapGet("/guarded", () => "inside").RequireInferenceGuards("digits");
        });

        await app.Client.GetStringAsync("/guarded", TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], passed);
    }
}
