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
        if (services.GetService<IModelCatalog>() is null)
        {
            throw new InvalidOperationException("SecureInference is mapped but not added. Call builder.Services.AddSecureInference() first.");
        }

        var group = endpoints.MapGroup(RoutePatternFactory.Parse(prefix));
        var health = services.GetRequiredService<HealthEndpoints>();
        var metadata = services.GetRequiredService<MetadataEndpoints>();
        var infer = services.GetRequiredService<InferEndpoint>();

        Map(group, "/health/live", InferenceOperation.Health, HttpMethods.Get, HealthEndpoints.LiveAsync);
        Map(group, "/health/ready", InferenceOperation.Health, HttpMethods.Get, health.ReadyAsync);
        Map(group, "", InferenceOperation.Discover, HttpMethods.Get, metadata.ServerAsync);
        foreach (var path in new[] { ModelPath, VersionPath })
        {
            Map(group, path, InferenceOperation.Read, HttpMethods.Get, metadata.ModelAsync);
            Map(group, path + "/ready", InferenceOperation.Read, HttpMethods.Get, health.ModelReadyAsync);
            Map(group, path + "/infer", InferenceOperation.Infer, HttpMethods.Post, infer.InferAsync);
        }

        Map(group, "/{**path}", InferenceOperation.Discover, method: null, static http => ErrorResponse.WriteAsync(http, InferenceErrors.PathNotFound));
        return group;
    }

    /// <summary>Maps one path for every verb: who may not use the path does not learn its verbs.</summary>
    private static void Map(RouteGroupBuilder group, string path, InferenceOperation operation, string? method, RequestDelegate handler)
    {
        var endpoint = group.Map(path, method is null ? handler : http => VerbGuard.InvokeAsync(http, method, handler));
        var parameter = path.StartsWith(ModelPath, StringComparison.Ordinal) ? "model" : null;
        GuardedEndpoint.Protect(endpoint, new InferenceEndpointMetadata(operation, Model: null, parameter) { Verbs = method is null ? null : VerbGuard.Allowed(method) });
    }
}
