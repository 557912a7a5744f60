using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace SecureInference;

/// <summary>Gives <c>HttpContext.User</c> a principal of this request alone, built when somebody reads it.</summary>
internal sealed class CallerUser : IHttpAuthenticationFeature
{
    private Caller? _caller;
    private ClaimsPrincipal? _user;

    public ClaimsPrincipal? User
    {
        get => _user ??= _caller?.CreatePrincipal();
        set => _user = value;
    }

    /// <summary>Begins with another request's caller; nothing is left of the one before.</summary>
    public void Begin(Caller? caller)
    {
        _caller = caller;
        _user = null;
    }
}
