using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureInference;

/// <summary>Knows where an app's endpoints are mapped before its server starts; the platform lists them only afterwards.</summary>
internal sealed class AppEndpoints
{
    private IEndpointRouteBuilder? _app;

    /// <summary>Remembers an app that is both pipeline and endpoints, as a <c>WebApplication</c> is; a branch or a group has some of them at most.</summary>
    public void Remember(object app)
    {
        if (app is IApplicationBuilder and IEndpointRouteBuilder routes)
        {
            _app = routes;
        }
    }

    /// <summary>Builds the endpoints that are mapped so far, or returns <see langword="null"/> where the app maps them when its server starts.</summary>
    public IReadOnlyList<Endpoint>? Build() => _app is null ? null : [.. _app.DataSources.SelectMany(static source => source.Endpoints)];
}
