using Microsoft.AspNetCore.Builder;

namespace SecureInference.Tests.Hosting;

/// <summary>The five guards, each to be used alone.</summary>
internal static class Guards
{
    public static IReadOnlyDictionary<InferenceStage, Func<IApplicationBuilder, IApplicationBuilder>> Use { get; } =
        new Dictionary<InferenceStage, Func<IApplicationBuilder, IApplicationBuilder>>
        {
            [InferenceStage.Arrival] = app => app.UseInferenceArrival(),
            [InferenceStage.Auditing] = app => app.UseInferenceAuditing(),
            [InferenceStage.Authentication] = app => app.UseInferenceAuthentication(),
            [InferenceStage.Authorization] = app => app.UseInferenceAuthorization(),
            [InferenceStage.RateLimiting] = app => app.UseInferenceRateLimiting(),
        };
}
