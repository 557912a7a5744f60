using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>An app with the protocol and guarded endpoints of its own, the paths of all of them, and keys with less than every right.</summary>
public sealed class EveryRouteFixture : IAsyncLifetime
{
    private static readonly (string Parameter, string Value)[] Values = [("{model}", "fake"), ("{version}", "1"), ("{id}", "7"), ("{**path}", "nothing/here")];
    private GuardedApp? _app;

    public FakeModel Model { get; } = FakeModel.Echo();

    public GuardedApp App => _app ?? throw new InvalidOperationException("The app has not started.");

    /// <summary>May read about the model.</summary>
    public string Reader { get; private set; } = "";

    /// <summary>May infer with another model.</summary>
    public string Other { get; private set; } = "";

    /// <summary>What the app itself says it has mapped, with values for the parameters.</summary>
    public IReadOnlyList<string> Paths { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _app = await EchoApp.StartAsync(Model, Use);
        Reader = await EchoApp.AddKeyAsync(App, "reader", ["model:fake:read"], TestContext.Current.CancellationToken);
        Other = await EchoApp.AddKeyAsync(App, "other", ["model:other:infer"], TestContext.Current.CancellationToken);
        Paths = [.. App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(PathOf).Distinct()];
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private static void Use(WebApplication app)
    {
        app.UseSecureInference();
        app.MapMethods("/own/{id}/infer", ["GET", "POST"], static ([FromKeyedServices("fake")] IModelRunner model) => RunAsync(model)).RequireInferenceGuards("fake");
        var group = app.MapGroup("/own/group").RequireInferenceGuards("fake", "admin");
        group.MapGet("", static ([FromKeyedServices("fake")] IModelRunner model) => RunAsync(model));
        group.Map("/any", static ([FromKeyedServices("fake")] IModelRunner model) => RunAsync(model));
        app.MapSecureInference();
    }

    private static async Task<string> RunAsync(IModelRunner model)
    {
        using var request = new InferenceRequest(Tensor.Create<float>("x", [1, 4], [1, 2, 3, 4]));
        using var answer = await model.RunAsync(request);
        return "ran";
    }

    private static string PathOf(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText?.Trim('/');
        foreach (var (parameter, value) in Values)
        {
            path = path.Replace(parameter, value, StringComparison.Ordinal);
        }

        return path.Contains('{', StringComparison.Ordinal) ? throw new InvalidOperationException($"No value for a parameter of {path}.") : path;
    }
}
