using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureInference;
using SecureInference.Pipeline.Auditing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes the audit log.</summary>
public static class AuditingBuilderExtensions
{
    /// <summary>Changes where records go, what they hold, and how many may wait.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddAuditing(this ISecureInferenceBuilder builder, Action<AuditOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<AuditTelemetry>();
        builder.Services.TryAddSingleton(AuditLogFactory.Open);
        builder.Services.TryAddSingleton<IAuditPayloads, ErasablePayloads>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartCheck, AuditKeyCheck>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, AuditReadiness>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AuditService>());
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }

    /// <summary>Adds a sink of the app's own, beside the log.</summary>
    /// <typeparam name="T">The sink.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddAuditSink<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this ISecureInferenceBuilder builder)
        where T : class, IAuditSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IAuditSink, T>();
        return builder;
    }
}
