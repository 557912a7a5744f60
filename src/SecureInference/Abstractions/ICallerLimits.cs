using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>A caller's limits, for the stages that refuse before the limiter's own turn.</summary>
internal interface ICallerLimits
{
    /// <summary>Takes what a refused request costs, as far as it is there, and tells the caller where it stands.</summary>
    ValueTask ChargeRefusalAsync(HttpContext http, Caller caller);

    /// <summary>Makes guessing cost the guesser: takes what a credential that failed costs from the bucket of its sender's network.</summary>
    /// <returns>The refusal that answers in place of the failure's own, once the bucket is empty.</returns>
    InferenceError? ChargeFailure(HttpContext http);

    /// <summary>Tells the caller where it stands.</summary>
    ValueTask DescribeAsync(HttpContext http, Caller caller);
}
