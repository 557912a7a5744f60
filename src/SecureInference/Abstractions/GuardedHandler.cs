using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference;

/// <summary>Runs an endpoint's handler where its guards have run before it for what was declared, and refuses otherwise.</summary>
/// <param name="demands">What was declared for the endpoint.</param>
/// <param name="decides">Whether that the handler runs is the decision; another handler records its own, once it has read the body.</param>
/// <param name="inner">The handler.</param>
internal sealed class GuardedHandler(InferenceEndpointMetadata demands, bool decides, RequestDelegate inner)
{
    private static readonly InferenceStage[] Stages = Enum.GetValues<InferenceStage>();

    public Task InvokeAsync(HttpContext http)
    {
        if (Check(http) is { } error)
        {
            return ErrorResponse.WriteAsync(http, error);
        }

        if (!decides)
        {
            return inner(http);
        }

        var allowed = InferenceContext.Get(http).AllowAsync();
        return allowed is { IsCompletedSuccessfully: true, Result: null } ? inner(http) : GoOnAsync(http, allowed);
    }

    /// <summary>Says whether an endpoint still declares what its handler was wrapped for, once and nothing else.</summary>
    public bool IsDeclaredBy(EndpointMetadataCollection metadata)
    {
        var declared = metadata.GetOrderedMetadata<InferenceEndpointMetadata>();
        return declared.Count == 1 && ReferenceEquals(declared[0], demands);
    }

    private async Task GoOnAsync(HttpContext http, ValueTask<InferenceError?> allowed) =>
        await (await allowed is { } error ? ErrorResponse.WriteAsync(http, error) : inner(http));

    private InferenceError? Check(HttpContext http)
    {
        // The guards decide on what the endpoint carries. Where the app took that away, or put another's in its place, they decided on nothing.
        var endpoint = http.GetEndpoint();
        var isDeclared = ReferenceEquals(endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>(), demands);
        if (isDeclared && demands.Operation == InferenceOperation.Health)
        {
            return null;
        }

        // A path that was rewritten after the guards may name another model than the one that was allowed.
        var context = InferenceContext.Find(http);
        var isSameModel = demands.ModelParameter is not { } parameter
            || string.Equals(context?.Model, http.GetRouteValue(parameter) as string, StringComparison.Ordinal);
        if (isDeclared && isSameModel && context is not null && HasPassedAll(context, endpoint))
        {
            return null;
        }

        var missing = isDeclared && isSameModel ? Missing(context, endpoint) : nameof(InferenceStage.Authorization);
        http.RequestServices.GetRequiredService<GuardTelemetry>().ReachedUnguarded(endpoint?.DisplayName, missing);
        return InferenceErrors.Internal;
    }

    private static bool HasPassedAll(InferenceContext context, Endpoint? endpoint)
    {
        foreach (var stage in Stages)
        {
            if (!context.HasPassed(stage, endpoint))
            {
                return false;
            }
        }

        return true;
    }

    // Apart, so that a request that has passed them all allocates nothing for what is captured here.
    private static string Missing(InferenceContext? context, Endpoint? endpoint) =>
        string.Join(", ", Stages.Where(stage => context?.HasPassed(stage, endpoint) != true));
}
