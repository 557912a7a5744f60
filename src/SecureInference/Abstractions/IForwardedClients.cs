using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Puts the client in the place of the proxy that its request came by, where the app lists the proxy.</summary>
internal interface IForwardedClients
{
    /// <summary>Does so, once a request.</summary>
    void Apply(HttpContext http, InferenceContext context);
}
