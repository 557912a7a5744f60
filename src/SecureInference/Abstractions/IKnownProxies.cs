using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Knows the proxies that the app lists, also where the first guard has not run.</summary>
internal interface IKnownProxies
{
    /// <summary>Says whether the connection that a request came by is a listed proxy's.</summary>
    bool Brought(HttpContext http);
}
