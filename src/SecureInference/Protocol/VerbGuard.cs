using Microsoft.AspNetCore.Http;

namespace SecureInference.Protocol;

/// <summary>Answers the verbs that a path does not know.</summary>
internal static class VerbGuard
{
    /// <summary>Lists the verbs of a path that knows one: what can be read can be asked for without its body.</summary>
    public static string Allowed(string method) => HttpMethods.IsGet(method) ? "GET, HEAD" : method;

    public static Task InvokeAsync(HttpContext http, string method, RequestDelegate handler)
    {
        var isHeadOfGet = HttpMethods.IsGet(method) && HttpMethods.IsHead(http.Request.Method);
        if (!isHeadOfGet && !HttpMethods.Equals(method, http.Request.Method))
        {
            return ErrorResponse.WriteAsync(http, InferenceErrors.MethodNotAllowed(Allowed(method)));
        }

        return handler(http);
    }
}
