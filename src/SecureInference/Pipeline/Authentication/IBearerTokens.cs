using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.Authentication;

/// <summary>Recognises callers by bearer tokens that are no API keys.</summary>
internal interface IBearerTokens
{
    /// <summary>Says whose the token is. It completes at once for a token that was seen before.</summary>
    ValueTask<Recognition> ReadAsync(HttpContext http, ReadOnlyMemory<char> token);
}
