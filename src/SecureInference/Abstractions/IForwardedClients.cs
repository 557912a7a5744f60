using System.Net;
using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Finds the client behind the proxies that the app lists, for requests that the first guard has not seen.</summary>
internal interface IForwardedClients
{
    /// <summary>Returns the client's address, and leaves the request as it is.</summary>
    IPAddress? AddressOf(HttpContext http);
}
