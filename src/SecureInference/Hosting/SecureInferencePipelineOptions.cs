using Microsoft.AspNetCore.Http;

namespace SecureInference.Hosting;

/// <summary>Adds stages of the app's own to the guards.</summary>
public sealed class SecureInferencePipelineOptions
{
    private readonly List<(InferenceStage Stage, Func<RequestDelegate, RequestDelegate> Middleware)> _inserted = [];

    /// <summary>Inserts a stage after a guard; what is inserted first runs first.</summary>
    /// <param name="stage">The guard.</param>
    /// <param name="middleware">The stage, as the app's own middleware is written: it calls the next one or answers.</param>
    /// <returns>These options.</returns>
    public SecureInferencePipelineOptions InsertAfter(InferenceStage stage, Func<HttpContext, RequestDelegate, Task> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _inserted.Add((stage, next => http => middleware(http, next)));
        return this;
    }

    internal IEnumerable<Func<RequestDelegate, RequestDelegate>> After(InferenceStage stage) =>
        _inserted.Where(inserted => inserted.Stage == stage).Select(static inserted => inserted.Middleware);
}
