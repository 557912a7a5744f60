using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Calls of the limiter as the guards make them, where nothing is waited for.</summary>
internal static class LimiterCalls
{
    public static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, Model: null, ModelParameter: "model");

    public static CallerLimiter Create(RateLimitOptions options, CallerStates states, TimeProvider time, ISharedLimits? shared = null) =>
        new(Options.Create(options), states, Some.Part<RateLimitingTelemetry>(), time, shared);

    public static InferenceError? Take(this CallerLimiter sut, HttpContext http, Caller? caller, string? model = null)
    {
        var context = InferenceContext.Get(http);
        if (caller is not null)
        {
            context.Identify(caller);
        }

        context.Model = model;
        return Result(sut.TakeAsync(http, context, model is null ? null : Infer));
    }

    public static InferenceError? Settle(this CallerLimiter sut, HttpContext http, int rows, long bytes = 0)
    {
        Assert.NotNull(sut);
        return Result(InferenceContext.Get(http).SettleAsync(http, rows, bytes));
    }

    /// <summary>What a failure of the server does.</summary>
    public static void GiveBack(this CallerLimiter sut, HttpContext http)
    {
        Assert.NotNull(sut);
        InferenceContext.Get(http).Charge!.GiveBack(http);
    }

    public static void ChargeRefusal(this CallerLimiter sut, HttpContext http, Caller caller) => RequireDone(sut.ChargeRefusalAsync(http, caller));

    public static void Describe(this CallerLimiter sut, HttpContext http, Caller caller) => RequireDone(sut.DescribeAsync(http, caller));

    /// <summary>Takes until nothing is left.</summary>
    public static int TakeAll(this CallerLimiter sut, Caller? caller, string? address = null, string? model = null)
    {
        var count = 0;
        while (sut.Take(Some.Request(address), caller, model) is null)
        {
            count++;
        }

        return count;
    }

    private static void RequireDone(ValueTask task) => Assert.True(task.IsCompletedSuccessfully);

    private static InferenceError? Result(ValueTask<InferenceError?> taking)
    {
        Assert.True(taking.IsCompletedSuccessfully);
        return taking.Result;
    }
}
