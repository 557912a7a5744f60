using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shares SecureInference's limits between nodes.</summary>
public static class RedisBuilderExtensions
{
    private const string Section = "Redis";

    /// <summary>Keeps limits in Redis, so that they hold for all nodes of the app together.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after the section <c>Redis</c> was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddRedis(this ISecureInferenceBuilder builder, Action<RedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.PostConfigure(configure);
        }

        if (services.Any(static service => service.ServiceType == typeof(RedisLink)))
        {
            return builder;
        }

        services.AddSingleton(new ConfigurationPart(Section, typeof(RedisOptions)));
        services.AddOptions<RedisOptions>()
            .Configure<IServiceProvider>(static (options, provider) => provider.GetService<PartConfiguration>()?.Read().GetSection(Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>();
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RedisTelemetry>();
        services.AddSingleton<RedisSettings>();
        services.AddSingleton<RedisLink>();
        services.AddSingleton<RedisLimits>();
        services.AddSingleton<ISharedLimits>(static provider => provider.GetRequiredService<RedisLimits>());
        services.AddSingleton<IReadinessCheck>(static provider => provider.GetRequiredService<RedisLimits>());
        services.AddSingleton<RedisStart>();
        services.AddSingleton<IStartCheck>(static provider => provider.GetRequiredService<RedisStart>());
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<RedisStart>());
        return builder;
    }
}
