using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SecureInference;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sends what SecureInference says of itself through OpenTelemetry.</summary>
public static class OpenTelemetryExportBuilderExtensions
{
    /// <summary>Wires the app's metrics, traces and logs into OpenTelemetry: those of the guards, and of ASP.NET Core around them.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="exportOtlp">Whether to send them by OTLP, as the environment variables of OpenTelemetry say; <see langword="false"/> where the app has exporters of its own.</param>
    /// <returns>The builder.</returns>
    /// <remarks>It adds to what <c>services.AddOpenTelemetry()</c> makes, which is the place for samplers, resources, views and other exporters.</remarks>
    public static ISecureInferenceBuilder AddOpenTelemetry(this ISecureInferenceBuilder builder, bool exportOtlp = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(static service => service.ServiceType == typeof(Added)))
        {
            return builder;
        }

        // The platform's spans too: ours are their children, and a sampler drops the children of what nobody records.
        builder.Services.AddSingleton(new Added());
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(static metrics => metrics.AddMeter(SecureInferenceDefaults.TelemetryName).AddAspNetCoreInstrumentation())
            .WithTracing(static traces => traces.AddSource(SecureInferenceDefaults.TelemetryName).AddAspNetCoreInstrumentation())
            .WithLogging();
        if (exportOtlp)
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }

    private sealed class Added;
}
