using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>Validates all options where the host would make the first of its services: the host itself asks once they are made, and by then one of them has ended the start with the one problem that it met.</summary>
internal sealed class EarlyOptionsCheck : IHostedService
{
    public EarlyOptionsCheck(IStartupValidator options) => options.Validate();

    /// <summary>Registers it first of all services of the host, also of those that the app has added before.</summary>
    public static void Add(IServiceCollection services) => services.Insert(0, ServiceDescriptor.Singleton<IHostedService, EarlyOptionsCheck>());

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
