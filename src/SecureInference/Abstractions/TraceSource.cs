using System.Diagnostics;

namespace SecureInference;

/// <summary>Makes the spans of requests, batches and runs. Nothing is made where nobody listens.</summary>
internal static class TraceSource
{
    public static ActivitySource Source { get; } = new(SecureInferenceDefaults.TelemetryName);

    /// <summary>Gets whether spans are wanted at all; asked before anything is prepared for one.</summary>
    public static bool IsHeard => Source.HasListeners();

    /// <summary>Finds the span in whose trace a request is, where a caller has chosen that trace and nobody vouches for the caller.</summary>
    public static Activity? FindForeign(bool isVouchedFor)
    {
        for (var span = isVouchedFor ? null : Activity.Current; span is not null; span = span.Parent)
        {
            // The platform does not say of every parent that it is remote: one that is known by its id alone is.
            if (span is { HasRemoteParent: true } or { Parent: null, ParentId: not null })
            {
                return span;
            }
        }

        return null;
    }
}
