using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SecureInference;
using SecureInference.Protocol;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Open Inference Protocol.</summary>
public static class ProtocolEndpointRouteBuilderExtensions
{
    private const string ModelPath = "/models/{model}";
    private const string VersionPath = ModelPath + "/versions/{version}";

    /// <summary>Maps the Open Inference Protocol v2 over REST: health, metadata and infer.</summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">The path that it begins with.</param>
    /// <returns>A builder for conventions on all of its endpoints.</returns>
    /// <exception cref="InvalidOperationException"><c>AddSecureInference()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapSecureInference(this IEndpointRouteBuilder endpoints, string prefix = "/v2")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = endpoints.ServiceProvider;
        if (services.GetService<AppEndpoints>() is not { } known)
        {
            throw new InvalidOperationException("SecureInference is mapped but not added. Call builder.Services.AddSecureInference() first.");
        }

        known.Remember(endpoints);
        var group = endpoints.MapGroup(RoutePatternFactory.Parse(prefix));

        // Made when first asked for: options that are wrong are for the start to report, which comes after the mapping.
        var health = new Lazy<HealthEndpoints>(services.GetRequiredService<HealthEndpoints>);
        var metadata = new Lazy<MetadataEndpoints>(services.GetRequiredService<MetadataEndpoints>);
        var infer = new Lazy<InferEndpoint>(services.GetRequiredService<InferEndpoint>);

        Map(group, "/health/live", InferenceOperation.Health, HttpMethods.Get, HealthEndpoints.LiveAsync);
        Map(group, "/health/ready", InferenceOperation.Health, HttpMethods.Get, http => health.Value.ReadyAsync(http));
        Map(group, "", InferenceOperation.Discover, HttpMethods.Get, http => metadata.Value.ServerAsync(http));
        foreach (var path in new[] { ModelPath, VersionPath })
        {
            Map(group, path, InferenceOperation.Read, HttpMethods.Get, http => metadata.Value.ModelAsync(http));
            Map(group, path + "/ready", InferenceOperation.Read, HttpMethods.Get, http => health.Value.ModelReadyAsync(http));
            Map(group, path + "/infer", InferenceOperation.Infer, HttpMethods.Post, http => infer.Value.InferAsync(http));
        }

        Map(group, "/{**path}", InferenceOperation.Discover, method: null, static http => ErrorResponse.WriteAsync(http, InferenceErrors.PathNotFound)).WithMetadata(KnownPathPolicy.Unknown);
        return group;
    }

    /// <summary>Maps one path for every verb: who may not use the path does not learn its verbs.</summary>
    private static IEndpointConventionBuilder Map(RouteGroupBuilder group, string path, InferenceOperation operation, string? method, RequestDelegate handler)
    {
        var endpoint = group.Map(path, method is null ? handler : http => VerbGuard.InvokeAsync(http, method, handler));
        var parameter = path.StartsWith(ModelPath, StringComparison.Ordinal) ? "model" : null;
        GuardedEndpoint.Protect(endpoint, new InferenceEndpointMetadata(operation, Model: null, parameter) { Verbs = method is null ? null : VerbGuard.Allowed(method) });
        return endpoint;
    }
}
