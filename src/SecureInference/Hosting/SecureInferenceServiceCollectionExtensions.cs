using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Hosting;
using SecureInference.Hosting.DryRun;
using SecureInference.Models;
using SecureInference.Pipeline.Validation;
using SecureInference.Runtime;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SecureInference to an app.</summary>
public static class SecureInferenceServiceCollectionExtensions
{
    /// <summary>Adds SecureInference, configured by the app's section <c>SecureInference</c>.</summary>
    /// <param name="services">The services of the app.</param>
    /// <returns>A builder to add parts with.</returns>
    public static ISecureInferenceBuilder AddSecureInference(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var configuration = services.FirstOrDefault(static service => service.ServiceType == typeof(IConfiguration))?.ImplementationInstance as IConfiguration
            ?? (services.FirstOrDefault(static service => service.ServiceType == typeof(HostBuilderContext))?.ImplementationInstance as HostBuilderContext)?.Configuration
            ?? throw new InvalidOperationException(
                "The app's configuration is not at hand here. Pass the section: AddSecureInference(configuration.GetSection(\"SecureInference\")).");
        return services.AddSecureInference(configuration.GetSection("SecureInference"));
    }

    /// <summary>Adds SecureInference, configured by a section.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configuration">The section.</param>
    /// <returns>A builder to add parts with.</returns>
    public static ISecureInferenceBuilder AddSecureInference(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var options = services.AddOptions<SecureInferenceOptions>();
        if (DryRunCommand.Find(services).IsAsked)
        {
            // What is wrong here is said by the check, which goes on with the rest; no request is served with these options.
            options.Configure<IEnumerable<ConfigurationPart>>((target, parts) => ConfigurationKeys.Sound(configuration, parts).Bind(target));
            services.AddSingleton(provider => new PartConfiguration(() => ConfigurationKeys.Sound(configuration, provider.GetServices<ConfigurationPart>())));
        }
        else
        {
            // Before anything is bound: what binds to nothing, or to something else than it says, must stop the start.
            // Not by OptionsBuilder.Bind(), which reads again at every change: a mistake made while the app runs would then throw at whoever watches the file.
            options.Configure<IEnumerable<ConfigurationPart>>((target, parts) =>
            {
                ConfigurationKeys.Require(configuration, parts);
                configuration.Bind(target);
            });
            services.AddSingleton(provider => new PartConfiguration(() =>
            {
                ConfigurationKeys.Require(configuration, provider.GetServices<ConfigurationPart>());
                return configuration;
            }));
        }

        return AddCore(services, configuration);
    }

    /// <summary>Adds SecureInference, configured in code.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder to add parts with.</returns>
    public static ISecureInferenceBuilder AddSecureInference(this IServiceCollection services, Action<SecureInferenceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SecureInferenceOptions>().Configure(configure);
        return AddCore(services, configuration: null);
    }

    private static SecureInferenceBuilder AddCore(IServiceCollection services, IConfiguration? configuration)
    {
        if (services.Any(static service => service.ServiceType == typeof(DrainState)))
        {
            throw new InvalidOperationException("AddSecureInference() was called twice. Call it once; the builder that it returns adds the rest.");
        }

        var builder = new SecureInferenceBuilder(services, configuration);
        services.AddMetrics();
        services.AddOptions<SecureInferenceOptions>().ValidateOnStart();
        services.AddPart(static options => options.Arrival, static part => part.Problems());
        services.AddPart(static options => options.ApiKeys, static part => part.Problems());
        services.AddPart(static options => options.ClientCertificates, static part => part.Problems());
        services.AddPart(static options => options.Jwt, static part => part.Problems());
        services.AddPart(static options => options.Revocations, static part => part.Problems());
        services.AddPart(static options => options.RateLimits, static part => part.Problems());
        services.AddPart(static options => options.Audit, static part => part.Problems());
        services.AddPart(static options => options.Protocol, static part => part.Problems());
        services.AddPart(static options => new ModelCatalogOptions(options.Models), static part => part.Problems());
        services.AddPart(static options => new DrainOptions(options.DrainTimeout), static part => part.Problems());

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DrainState>();
        services.AddSingleton<IPostConfigureOptions<ForwardedHeadersOptions>, ForwardedHeadersDefaults>();
        services.AddSingleton<Readiness>();
        ReadinessHealthCheck.AddTo(services);
        services.AddSingleton<GuardTelemetry>();
        services.AddSingleton<RuntimeTelemetry>();
        services.AddSingleton<IModelRunnerFactory, ModelRunnerFactory>();
        services.AddSingleton<ValidationTelemetry>();
        services.AddSingleton<AppEndpoints>();
        services.AddSingleton<IStartCheck, ForwardedHeadersCheck>();
        services.AddSingleton<IStartCheck, ForwardedCertificateCheck>();
        services.AddSingleton<IStartCheck>(static provider => new RuntimeCheck(provider.GetRequiredService<GuardTelemetry>()));
        services.AddHostedService<StartCheck>();
        builder.AddArrival().AddAuditing().AddAuthenticationGuard().AddAuthorizationGuard().AddRateLimits().AddProtocol().AddModelCatalog();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<RateLimitReload>(provider, builder));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ModelsReload>(provider, builder));
        services.AddHostedService<EndpointCheck>();
        services.AddHostedService<DrainService>();
        OptionsCheck.Decorate(services);
        EarlyOptionsCheck.Add(services);
        DrainingListenerFactory.Decorate(services);
        KestrelDefaults.Add(services);
        if (DryRunCommand.Find(services) is { IsAsked: true } command)
        {
            DryRunServices.AddTo(services, command, configuration);
        }

        return builder;
    }
}
