using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Makes an endpoint refuse to run where its guards have not run before it.</summary>
internal static class GuardedEndpoint
{
    private static readonly AllowAnonymousAttribute PassByPlatformAuthorization = new();

    /// <summary>Protects an endpoint whose handler records its own decision, once it has read the body.</summary>
    public static void Protect(IEndpointConventionBuilder endpoint, InferenceEndpointMetadata demands) =>
        Protect(endpoint, demands, decides: false);

    /// <summary>Protects an endpoint of the app: that it runs is the decision.</summary>
    public static void ProtectAndDecide(IEndpointConventionBuilder endpoint, InferenceEndpointMetadata demands) =>
        Protect(endpoint, demands, decides: true);

    /// <summary>Finds what is wrong with a built endpoint: a convention that runs after ours may have taken its demands away.</summary>
    public static string? FindProblem(Endpoint endpoint) =>
        endpoint.RequestDelegate?.Target is GuardedHandler handler && !handler.IsDeclaredBy(endpoint.Metadata) ? Undeclared(endpoint.DisplayName) : null;

    private static void Protect(IEndpointConventionBuilder endpoint, InferenceEndpointMetadata demands, bool decides)
    {
        endpoint.Add(builder => builder.Metadata.Add(demands));

        // Last of all conventions, and so outermost: nothing that the app wraps around can run before the check.
        endpoint.Finally(builder =>
        {
            RequireOneDemand(builder);

            // The app's fallback policy is for endpoints that nobody guards; what the app demands of this one still applies.
            if (!builder.Metadata.Any(static item => item is IAuthorizeData or IAuthorizationRequirementData or AuthorizationPolicy))
            {
                builder.Metadata.Add(PassByPlatformAuthorization);
            }

            var inner = builder.RequestDelegate ?? throw new InvalidOperationException("An endpoint without a handler cannot be guarded.");
            builder.RequestDelegate = new GuardedHandler(demands, decides, inner).InvokeAsync;
        });
    }

    private static void RequireOneDemand(EndpointBuilder builder)
    {
        switch (builder.Metadata.OfType<InferenceEndpointMetadata>().Count())
        {
            // Deny by default: what declares nothing would pass the guards by.
            case 0:
                throw new InvalidOperationException(Undeclared(builder.DisplayName));
            case 1:
                return;

            // Which of two demands is meant? The looser one must not win by its place.
            default:
                throw new InvalidOperationException(
                    $"The endpoint '{builder.DisplayName}' has guards twice, on itself and on its group, or is an endpoint of MapSecureInference(). Call RequireInferenceGuards() once for it.");
        }
    }

    private static string Undeclared(string? endpoint) =>
        $"The endpoint '{endpoint}' is to be guarded, but does not declare what it demands: a convention of the app has taken that from its metadata, or put another in its place. "
        + "Let the convention change what is its own and nothing else (not Metadata.Clear()), or leave out endpoints of MapSecureInference() and those with RequireInferenceGuards().";
}
