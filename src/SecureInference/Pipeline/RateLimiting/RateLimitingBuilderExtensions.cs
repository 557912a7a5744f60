using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureInference;
using SecureInference.Pipeline.RateLimiting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes the limits.</summary>
public static class RateLimitingBuilderExtensions
{
    /// <summary>Changes how much callers may do.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddRateLimits(this ISecureInferenceBuilder builder, Action<RateLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<CallerStates>();
        builder.Services.TryAddSingleton<CallerLimiter>();
        builder.Services.TryAddSingleton<ICallerLimits>(static services => services.GetRequiredService<CallerLimiter>());
        builder.Services.TryAddSingleton<RateLimitingTelemetry>();
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }
}
