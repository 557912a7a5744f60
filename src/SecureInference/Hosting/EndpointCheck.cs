using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureInference.Hosting;

/// <summary>Builds every endpoint once, so that one that is guarded wrongly stops the start, and says what each demands.</summary>
internal sealed class EndpointCheck(IServiceProvider services, IModelCatalog catalog, GuardTelemetry telemetry) : IHostedLifecycleService
{
    public static void WarnOfModelsNotServed(IReadOnlyList<Endpoint> endpoints, IModelCatalog catalog, GuardTelemetry telemetry)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<InferenceEndpointMetadata>()?.Model is { } model
                && catalog.Models.Count != 0
                && !catalog.TryGet(model, version: null, out _))
            {
                telemetry.ModelNotServed(endpoint.DisplayName, model);
            }
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The endpoints are there once the server has started.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        foreach (var endpoint in endpoints)
        {
            if (GuardedEndpoint.FindProblem(endpoint) is { } problem)
            {
                throw new InvalidOperationException(problem);
            }
        }

        WarnOfModelsNotServed(endpoints, catalog, telemetry);

        // An app with guards alone, on no endpoint in particular, has nothing to list.
        if (EndpointTable.Read(endpoints) is [{ IsGuarded: true }, ..] table)
        {
            telemetry.EndpointsGuarded(EndpointTable.Format(table));
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
