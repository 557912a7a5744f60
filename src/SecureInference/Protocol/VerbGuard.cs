using Microsoft.AspNetCore.Http;

namespace SecureInference.Protocol;

/// <summary>Answers the verbs that a path does not know.</summary>
internal static class VerbGuard
{
    public static Task InvokeAsync(HttpContext http, string method, RequestDelegate handler)
    {
        var isHeadOfGet = HttpMethods.IsGet(method) && HttpMethods.IsHead(http.Request.Method);
        if (!isHeadOfGet && !HttpMethods.Equals(method, http.Request.Method))
        {
            return ErrorResponse.WriteAsync(http, InferenceErrors.MethodNotAllowed(HttpMethods.IsGet(method) ? "GET, HEAD" : method));
        }

        return handler(http);
    }
}
