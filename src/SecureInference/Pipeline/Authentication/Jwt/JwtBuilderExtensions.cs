using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.Jwt;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Switches tokens on.</summary>
public static class JwtBuilderExtensions
{
    /// <summary>Changes whose tokens are accepted; the section <c>Jwt</c> alone is enough where nothing is to be changed in code.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <param name="configureHandler">Changes how an issuer's keys are fetched: the back channel, its handler, its intervals, or a fixed
    /// <see cref="JwtBearerOptions.Configuration"/>. What a token must be is not changed by it.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddJwtBearer(
        this ISecureInferenceBuilder builder, Action<JwtOptions>? configure = null, Action<JwtIssuerOptions, JwtBearerOptions>? configureHandler = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRevocations();
        var services = builder.Services;
        services.TryAddSingleton<CallerStates>();
        services.TryAddSingleton<JwtTelemetry>();
        services.TryAddSingleton<TokenStanding>();
        services.TryAddSingleton<TokenIssuers>();
        services.TryAddSingleton<IBearerTokens, TokenReader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartCheck, TokenIssuers>(static provider => provider.GetRequiredService<TokenIssuers>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOtherCredentials, TokenIssuers>(static provider => provider.GetRequiredService<TokenIssuers>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, TokenIssuers>(static provider => provider.GetRequiredService<TokenIssuers>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, JwtHandlerDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        if (configure is not null)
        {
            services.PostConfigure(configure);
        }

        if (configureHandler is not null)
        {
            services.AddSingleton(new JwtHandlerChange(configureHandler));
        }

        return builder;
    }
}
