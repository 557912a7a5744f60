using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Pipeline.Auditing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes the audit log.</summary>
public static class AuditingBuilderExtensions
{
    /// <summary>Changes where records go, and how many may wait.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddAuditing(this ISecureInferenceBuilder builder, Action<AuditOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<AuditTelemetry>();
        builder.Services.TryAddSingleton(OpenFile);
        builder.Services.TryAddSingleton(static services => new AuditLog(
            [services.GetRequiredService<FileAuditSink>(), .. services.GetServices<IAuditSink>()],
            services.GetRequiredService<IOptions<AuditOptions>>().Value,
            services.GetRequiredService<AuditTelemetry>(),
            services.GetRequiredService<TimeProvider>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AuditService>());
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }

    /// <summary>Adds a sink of the app's own, beside the file.</summary>
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

    private static FileAuditSink OpenFile(IServiceProvider services)
    {
        var root = services.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var directory = services.GetRequiredService<IOptions<AuditOptions>>().Value.Directory;
        try
        {
            return new FileAuditSink(Path.Combine(root, directory), services.GetRequiredService<AuditTelemetry>());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The audit log in '{directory}' cannot be opened. Make the folder writable for this process, and give each process "
                + "a folder of its own: set SecureInference:Audit:Directory.", exception);
        }
    }
}
