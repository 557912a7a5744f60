using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace SecureInference.Protocol;

/// <summary>Takes the endpoint that answers for unknown paths away from the known ones: the router would make its values for each request, and never choose it.</summary>
internal sealed class KnownPathPolicy : MatcherPolicy, INodeBuilderPolicy
{
    /// <summary>Marks the endpoint for unknown paths.</summary>
    public static object Unknown { get; } = new UnknownPath();

    /// <summary>Gets the order: before the platform's policies, which then see one endpoint.</summary>
    public override int Order => int.MinValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.Any(IsUnknown) && endpoints.Any(TakesEveryVerb);
    }

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
        [new PolicyNodeEdge(Unknown, [.. endpoints.Where(static endpoint => !IsUnknown(endpoint))])];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return new OneWay(edges[0].Destination);
    }

    private static bool IsUnknown(Endpoint endpoint) => endpoint.Metadata.GetMetadata<UnknownPath>() is not null;

    // An app's own endpoint may take one verb; for the others the path is unknown.
    private static bool TakesEveryVerb(Endpoint endpoint) => endpoint.Metadata.GetMetadata<InferenceEndpointMetadata>() is { Verbs: not null };

    private sealed class UnknownPath;

    private sealed class OneWay(int destination) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) => destination;
    }
}
