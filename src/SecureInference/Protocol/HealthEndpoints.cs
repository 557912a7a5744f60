using Microsoft.AspNetCore.Http;

namespace SecureInference.Protocol;

/// <summary>Answers probes: the server's are open to all, a model's demand the right to read it.</summary>
internal sealed class HealthEndpoints(DrainState drain, IModelCatalog catalog)
{
    public static Task LiveAsync(HttpContext http) =>
        JsonResponse.WriteAsync(http, StatusCodes.Status200OK, 0, static (json, _) => json.WriteBoolean("live"u8, true));

    public Task ReadyAsync(HttpContext http)
    {
        var isReady = !drain.IsDraining;
        return JsonResponse.WriteAsync(http, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, isReady, static (json, ready) =>
        {
            json.WriteBoolean("ready"u8, ready);
            json.WriteBoolean("live"u8, true);
            if (!ready)
            {
                // Clients look for this member in every answer that is not 200.
                json.WriteString("error"u8, InferenceErrors.Draining.Detail);
            }
        });
    }

    public Task ModelReadyAsync(HttpContext http)
    {
        if ((ModelRoute.Find(http, catalog, out var model) ?? InferenceContext.Get(http).Allow()) is { } error)
        {
            return ErrorResponse.WriteAsync(http, error);
        }

        return JsonResponse.WriteAsync(http, StatusCodes.Status200OK, model, static (json, model) =>
        {
            json.WriteString("name"u8, model?.Metadata.Name);
            json.WriteBoolean("ready"u8, true);
        });
    }
}
