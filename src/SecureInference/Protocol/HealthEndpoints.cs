using Microsoft.AspNetCore.Http;

namespace SecureInference.Protocol;

/// <summary>Answers probes: the server's are open to all, a model's demand the right to read it.</summary>
internal sealed class HealthEndpoints(Readiness readiness, IModelCatalog catalog)
{
    public static Task LiveAsync(HttpContext http) =>
        JsonResponse.WriteAsync(http, StatusCodes.Status200OK, 0, static (json, _) => json.WriteBoolean("live"u8, true));

    public Task ReadyAsync(HttpContext http)
    {
        var error = readiness.Find();
        return JsonResponse.WriteAsync(http, error is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, error, static (json, error) =>
        {
            json.WriteBoolean("ready"u8, error is null);
            json.WriteBoolean("live"u8, true);
            if (error is not null)
            {
                // Clients look for this member in every answer that is not 200.
                json.WriteString("error"u8, error.Detail);
            }
        });
    }

    public async Task ModelReadyAsync(HttpContext http)
    {
        var refusal = ModelRoute.Find(http, catalog, out var lease);
        using (lease)
        {
            refusal ??= await InferenceContext.Get(http).AllowAsync();
            var unready = refusal is null ? lease.FindUnready() : null;
            var status = unready is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            refusal ??= await InferenceContext.Get(http).ConcludeAsync(status);
            await (refusal is not null
                ? ErrorResponse.WriteAsync(http, refusal)
                : WriteAsync(http, status, lease.Model.Metadata.Name, unready));
        }
    }

    private static Task WriteAsync(HttpContext http, int status, string model, InferenceError? error) =>
        JsonResponse.WriteAsync(http, status, (model, error), static (json, state) =>
        {
            json.WriteString("name"u8, state.model);
            json.WriteBoolean("ready"u8, state.error is null);
            if (state.error is not null)
            {
                json.WriteString("error"u8, state.error.Detail);
            }
        });
}
