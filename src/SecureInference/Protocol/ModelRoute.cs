using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureInference.Protocol;

/// <summary>Finds the model that a path names; that the caller may see it was checked before.</summary>
internal static class ModelRoute
{
    public static InferenceError? Find(HttpContext http, IModelCatalog catalog, [NotNull] out IModelRunner? model)
    {
        var name = http.GetRouteValue("model") as string ?? "";
        if (catalog.TryGet(name, http.GetRouteValue("version") as string, out model))
        {
            InferenceContext.Get(http).ModelVersion = model.Metadata.Version;
            return null;
        }

#pragma warning disable CS8777 // Whoever gets an error does not look at the model.
        return http.GetRouteValue("version") is string version
            ? InferenceErrors.ModelVersionNotFound(name, version)
            : InferenceErrors.ModelNotFound(name);
#pragma warning restore CS8777
    }
}
