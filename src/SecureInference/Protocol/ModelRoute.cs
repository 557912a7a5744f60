using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureInference.Protocol;

/// <summary>Finds the model that a path names; that the caller may see it was checked before.</summary>
internal static class ModelRoute
{
    /// <param name="http">The request.</param>
    /// <param name="catalog">Where models are found.</param>
    /// <param name="lease">The version that the request begins and ends with; the caller disposes it, where there is no error.</param>
    public static InferenceError? Find(HttpContext http, IModelCatalog catalog, out ModelLease lease)
    {
        lease = default;
        var name = http.GetRouteValue("model") as string ?? "";
        var version = http.GetRouteValue("version") as string;
        if (!catalog.TryGet(name, version, out var model))
        {
            return version is null ? InferenceErrors.ModelNotFound(name) : InferenceErrors.ModelVersionNotFound(name, version);
        }

        if (ModelLease.TryTake(model, out lease) is { } gone)
        {
            return gone;
        }

        var context = InferenceContext.Get(http);
        context.ModelVersion = lease.Model.Metadata.Version;
        context.ModelDigest = lease.Model.Metadata.Digest;
        return null;
    }
}
