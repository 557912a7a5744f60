using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureInference.Models;

namespace SecureInference.Hosting.DryRun;

/// <summary>Does what a start does before it listens, and goes on where something is wrong.</summary>
/// <param name="registered">What the app has registered.</param>
/// <param name="section">The section, or <see langword="null"/> where the app is configured in code.</param>
internal sealed class DryRunChecks(IServiceCollection registered, IConfiguration? section)
{
    public async Task<DryRunReport> RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var report = new DryRunReport { Environment = services.GetRequiredService<IHostEnvironment>().EnvironmentName };
        CheckOptions(services, report);
        await RunStartChecksAsync(services, report, cancellationToken);
        await using (var catalog = Try(services.GetRequiredService<ModelCatalog>, report))
        {
            await LoadAsync(catalog, report, cancellationToken);
            ListEndpoints(services, catalog, report);
        }

        report.Warnings = services.GetRequiredService<DryRunLog>().Warnings;
        return report;
    }

    private void CheckOptions(IServiceProvider services, DryRunReport report)
    {
        foreach (var problem in section is null ? [] : ConfigurationKeys.Problems(section, services.GetServices<ConfigurationPart>()))
        {
            report.Add(problem.Text);
        }

        Try(
            () =>
            {
                // Of every part, and of the app's own options that are validated at start.
                services.GetService<IStartupValidator>()?.Validate();
                return 0;
            },
            report);
    }

    private async Task RunStartChecksAsync(IServiceProvider services, DryRunReport report, CancellationToken cancellationToken)
    {
        // One by one: asked for together, the first that cannot be made would keep the others from being asked.
        foreach (var descriptor in registered.Where(static service => service.ServiceType == typeof(IStartCheck)))
        {
            try
            {
                await Make(descriptor, services).CheckAsync(cancellationToken);
            }
#pragma warning disable CA1031 // Whatever stops the start is what is looked for.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                report.Add(exception);
            }
        }
    }

    private static async Task LoadAsync(ModelCatalog? catalog, DryRunReport report, CancellationToken cancellationToken)
    {
        if (catalog is null)
        {
            return;
        }

        foreach (var problem in await catalog.CheckAsync(cancellationToken))
        {
            report.Add(problem);
        }

        report.Models = [.. catalog.Models.Select(static model => model.Metadata.Name)];
    }

    private static void ListEndpoints(IServiceProvider services, ModelCatalog? catalog, DryRunReport report)
    {
        if (Try(services.GetRequiredService<AppEndpoints>().Build, report) is not { } endpoints)
        {
            return;
        }

        foreach (var endpoint in endpoints)
        {
            if (GuardedEndpoint.FindProblem(endpoint) is { } problem)
            {
                report.Add(problem);
            }
        }

        if (catalog is not null)
        {
            EndpointCheck.WarnOfModelsNotServed(endpoints, catalog, services.GetRequiredService<GuardTelemetry>());
        }

        report.Endpoints = EndpointTable.Read(endpoints);
    }

    private static IStartCheck Make(ServiceDescriptor descriptor, IServiceProvider services) =>
        (descriptor.ImplementationInstance
            ?? descriptor.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, descriptor.ImplementationType ?? throw new InvalidOperationException("A check at start is registered without a type."))) as IStartCheck
        ?? throw new InvalidOperationException("What is registered as a check at start is none.");

    private static T? Try<T>(Func<T> make, DryRunReport report)
    {
        try
        {
            return make();
        }
#pragma warning disable CA1031 // Whatever stops the start is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            report.Add(exception);
            return default;
        }
    }
}
