using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Stops listening as soon as the app begins to stop, while open connections go on: a balancer finds another node at once.</summary>
internal sealed class DrainingListenerFactory(
    IConnectionListenerFactory inner, DrainState drain, Lazy<StrangerConnections> strangers, ArrivalTelemetry telemetry)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>Wraps the transports that the web host has registered.</summary>
    public static void Decorate(IServiceCollection services)
    {
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index].ServiceType == typeof(IConnectionListenerFactory) && services[index].ImplementationType is { } type)
            {
                services[index] = ServiceDescriptor.Singleton<IConnectionListenerFactory>(provider => new DrainingListenerFactory(
                    (IConnectionListenerFactory)ActivatorUtilities.CreateInstance(provider, type),
                    provider.GetRequiredService<DrainState>(),
                    new Lazy<StrangerConnections>(provider.GetRequiredService<StrangerConnections>),
                    provider.GetRequiredService<ArrivalTelemetry>()));
            }
        }
    }

    public bool CanBind(EndPoint endpoint) => inner is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Options that are wrong are for the start to report; nobody listens without them.
        var counted = strangers.Value;
        var listener = await inner.BindAsync(endpoint, cancellationToken);
        _ = UnbindAsync(listener);
        return new StrangerListener(listener, counted, telemetry);
    }

    private async Task UnbindAsync(IConnectionListener listener)
    {
        await drain.Closing;
        await listener.UnbindAsync();
    }
}
