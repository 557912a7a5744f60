using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>A caller's limits, for the stages that refuse before the limiter's own turn.</summary>
internal interface ICallerLimits
{
    /// <summary>Takes what a refused request costs, as far as it is there, and tells the caller where it stands.</summary>
    void ChargeRefusal(HttpContext http, Caller caller);

    /// <summary>Tells the caller where it stands.</summary>
    void Describe(HttpContext http, Caller caller);
}
