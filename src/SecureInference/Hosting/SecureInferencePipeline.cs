using Microsoft.AspNetCore.Builder;

namespace SecureInference.Hosting;

/// <summary>The order of the guards; it stands here and nowhere else.</summary>
internal static class SecureInferencePipeline
{
    public const string StageKey = "SecureInference.LastStage";

    public static void Compose(IApplicationBuilder app, SecureInferencePipelineOptions options)
    {
        app.UseInferenceArrival();
        Insert(app, options, InferenceStage.Arrival);
        app.UseInferenceAuditing();
        Insert(app, options, InferenceStage.Auditing);
        app.UseInferenceAuthentication();
        Insert(app, options, InferenceStage.Authentication);
        app.UseInferenceAuthorization();
        Insert(app, options, InferenceStage.Authorization);
        app.UseInferenceRateLimiting();
        Insert(app, options, InferenceStage.RateLimiting);
    }

    /// <summary>Notes that a guard is added, and stops the start where one that belongs after it is there already.</summary>
    public static void Add(IApplicationBuilder app, InferenceStage stage)
    {
        // A branch has a copy of its parent's properties: what a branch adds is not seen outside it.
        if (app.Properties.TryGetValue(StageKey, out var last) && last is InferenceStage before && before >= stage)
        {
            var order = string.Join(", ", Enum.GetNames<InferenceStage>().Select(static name => $"UseInference{name}()"));
            throw new InvalidOperationException(
                $"UseInference{stage}() is called after UseInference{before}(). The guards have one order: {order}. Or call UseSecureInference(), which is all of them.");
        }

        app.Properties[StageKey] = stage;
    }

    private static void Insert(IApplicationBuilder app, SecureInferencePipelineOptions options, InferenceStage stage)
    {
        foreach (var middleware in options.After(stage))
        {
            app.Use(middleware);
        }
    }
}
