using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Gives <c>HttpContext.User</c> a principal of this request alone, built when somebody reads it.</summary>
internal sealed class CallerAuthenticationFeature(Caller caller) : IHttpAuthenticationFeature
{
    private ClaimsPrincipal? _user;

    public ClaimsPrincipal? User
    {
        get => _user ??= caller.CreatePrincipal();
        set => _user = value;
    }
}
