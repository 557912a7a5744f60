using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference;

/// <summary>Makes an endpoint refuse to run where its guards have not run before it.</summary>
internal static class GuardedEndpoint
{
    private static readonly AllowAnonymousAttribute PassByPlatformAuthorization = new();
    private static readonly InferenceStage[] Stages = Enum.GetValues<InferenceStage>();

    /// <summary>Protects an endpoint whose handler records its own decision, once it has read the body.</summary>
    public static void Protect(IEndpointConventionBuilder endpoint, InferenceEndpointMetadata demands) =>
        Protect(endpoint, demands, Check);

    /// <summary>Protects an endpoint of the app: that it runs is the decision.</summary>
    public static void ProtectAndDecide(IEndpointConventionBuilder endpoint, InferenceEndpointMetadata demands) =>
        Protect(endpoint, demands, static http => Check(http) ?? InferenceContext.Get(http).Allow());

    private static void Protect(
        IEndpointConventionBuilder endpoint, InferenceEndpointMetadata demands, Func<HttpContext, InferenceError?> check)
    {
        endpoint.Add(builder => builder.Metadata.Add(demands));

        // Last of all conventions, and so outermost: nothing that the app wraps around can run before the check.
        endpoint.Finally(builder =>
        {
            // Which of two demands is meant? The looser one must not win by its place.
            if (builder.Metadata.OfType<InferenceEndpointMetadata>().Count() > 1)
            {
                throw new InvalidOperationException(
                    $"The endpoint '{builder.DisplayName}' has guards twice, on itself and on its group, or is an endpoint of MapSecureInference(). Call RequireInferenceGuards() once for it.");
            }

            // The app's fallback policy is for endpoints that nobody guards; what the app demands of this one still applies.
            if (!builder.Metadata.Any(static item => item is IAuthorizeData or IAuthorizationRequirementData or AuthorizationPolicy))
            {
                builder.Metadata.Add(PassByPlatformAuthorization);
            }

            var inner = builder.RequestDelegate ?? throw new InvalidOperationException("An endpoint without a handler cannot be guarded.");
            builder.RequestDelegate = http => check(http) is { } error ? ErrorResponse.WriteAsync(http, error) : inner(http);
        });
    }

    private static InferenceError? Check(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Find(http);
        var demands = endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>();
        if (demands?.Operation == InferenceOperation.Health)
        {
            return null;
        }

        // A path that was rewritten after the guards may name another model than the one that was allowed.
        var isSameModel = demands?.ModelParameter is not { } parameter
            || string.Equals(context?.Model, http.GetRouteValue(parameter) as string, StringComparison.Ordinal);
        if (isSameModel && context is not null && Array.TrueForAll(Stages, stage => context.HasPassed(stage, endpoint)))
        {
            return null;
        }

        var missing = isSameModel
            ? string.Join(", ", Stages.Where(stage => context?.HasPassed(stage, endpoint) != true))
            : nameof(InferenceStage.Authorization);
        http.RequestServices.GetRequiredService<GuardTelemetry>().ReachedUnguarded(endpoint?.DisplayName, missing);
        return InferenceErrors.Internal;
    }
}
