using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureInference.Pipeline.Authorization;

/// <summary>May they use this? Decided on what the matched endpoint declares, never on a path.</summary>
internal sealed class AuthorizationMiddleware
{
    private readonly RequestDelegate _next;
    private readonly IModelCatalog _catalog;
    private readonly ICallerLimits _limits;
    private readonly AuthorizationTelemetry _telemetry;

    public AuthorizationMiddleware(RequestDelegate next, IModelCatalog catalog, ICallerLimits limits, AuthorizationTelemetry telemetry)
    {
        _next = next;
        _catalog = catalog;
        _limits = limits;
        _telemetry = telemetry;
    }

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);
        if (endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>() is { } demands && Refuse(http, context, demands) is { } error)
        {
            _telemetry.Refused(error);
            return RefuseAsync(http, context, error);
        }

        context.Mark(InferenceStage.Authorization, endpoint);
        return _next(http);
    }

    private async Task RefuseAsync(HttpContext http, InferenceContext context, InferenceError error)
    {
        if (context.Caller is { } caller)
        {
            // A refused probe for models and rights costs a token, like any other request.
            await _limits.ChargeRefusalAsync(http, caller);
        }

        await ErrorResponse.WriteAsync(http, error);
    }

    private InferenceError? Refuse(HttpContext http, InferenceContext context, InferenceEndpointMetadata demands)
    {
        if (demands.Operation == InferenceOperation.Health)
        {
            return null;
        }

        if (context.Caller is not { } caller)
        {
            return InferenceErrors.CredentialMissing;
        }

        var model = demands.Model;
        if (demands.ModelParameter is { } parameter)
        {
            // A model that is hidden and one that does not exist must look alike.
            model = http.GetRouteValue(parameter) as string ?? "";
            if (!caller.Scopes.Sees(model) || !_catalog.TryGet(model, version: null, out _))
            {
                return InferenceErrors.ModelNotFound(model);
            }
        }

        context.Model = model;
        return caller.Scopes.Allows(demands.Operation, model)
            ? null
            : InferenceErrors.ScopeInsufficient(demands.Operation.ScopeOn(model));
    }
}
