using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureInference.Hosting.DryRun;

/// <summary>Makes the start of an app a check of it.</summary>
internal static class DryRunServices
{
    public static void AddTo(IServiceCollection services, DryRunCommand command, IConfiguration? section)
    {
        DryRunLog.AddTo(services);
        var checks = new DryRunChecks(services, section);

        // The last one that is registered is the one that the host waits for.
        services.AddSingleton<IHostLifetime>(provider => new DryRunLifetime(command, checks, provider));
        services.AddHostedService<DryRunBackstop>();
    }
}
