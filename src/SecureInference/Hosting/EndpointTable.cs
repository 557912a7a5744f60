using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureInference.Hosting;

/// <summary>Tells people what each endpoint demands of its caller.</summary>
internal static class EndpointTable
{
    /// <summary>An app may have a thousand pages; who wants to see what is open by mistake looks at an endpoint or two that is new.</summary>
    private const int MaxUnguarded = 20;

    private static readonly EndpointDemand Head = new("verb", "path", "operation", "demands");

    /// <summary>Lists endpoints, those that are guarded first, each part in the order in which it was mapped.</summary>
    public static IReadOnlyList<EndpointDemand> Read(IEnumerable<Endpoint> endpoints) =>
        [.. endpoints.Select(Describe).OrderByDescending(static line => line.IsGuarded)];

    public static string Format(IReadOnlyList<EndpointDemand> lines)
    {
        var unguarded = lines.Count(static line => !line.IsGuarded);
        EndpointDemand[] shown = [Head, .. lines.Take(lines.Count - unguarded + Math.Min(unguarded, MaxUnguarded))];
        var (verbs, path, operation) = (Width(static line => line.Verbs), Width(static line => line.Path), Width(static line => line.Operation ?? "-"));
        var text = new StringBuilder();
        foreach (var line in shown)
        {
            text.AppendLine().Append("  ").Append(line.Verbs.PadRight(verbs)).Append(line.Path.PadRight(path))
                .Append((line.Operation ?? "-").PadRight(operation)).Append(line.Demands);
        }

        return unguarded > MaxUnguarded ? text.AppendLine().Append("  and ").Append(unguarded - MaxUnguarded).Append(" more that are not guarded").ToString() : text.ToString();

        int Width(Func<EndpointDemand, string> column) => shown.Max(line => column(line).Length) + 2;
    }

    private static EndpointDemand Describe(Endpoint endpoint)
    {
        var path = (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route ? "/" + route.Trim('/') : endpoint.DisplayName ?? "?";
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        var verbs = methods.Count == 0 ? "any" : string.Join(", ", methods);
        if (endpoint.Metadata.GetMetadata<InferenceEndpointMetadata>() is not { } demands)
        {
            var isAuthorized = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null;
            return new EndpointDemand(verbs, path, Operation: null, isAuthorized ? "not guarded, but authorized by the app" : "not guarded");
        }

        return new EndpointDemand(demands.Verbs ?? verbs, path, demands.Operation.ToString().ToLowerInvariant(), Right(demands));
    }

    private static string Right(InferenceEndpointMetadata demands) => demands.Operation switch
    {
        InferenceOperation.Health => "nothing",
        InferenceOperation.Discover => "any caller",
        var operation => operation.ScopeOn(demands.Model ?? $"{{{demands.ModelParameter}}}"),
    };
}
