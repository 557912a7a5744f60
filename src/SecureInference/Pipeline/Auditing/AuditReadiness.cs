using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Auditing;

/// <summary>A log that cannot be written makes the server unready where requests need it, and is said where they do not.</summary>
internal sealed class AuditReadiness(IServiceProvider services, IOptions<AuditOptions> options) : IReadinessCheck
{
    private readonly bool _mayDrop = options.Value.WhenFull == AuditWhenFull.Drop;

    public InferenceError? Find() => !_mayDrop && IsFailing ? InferenceErrors.AuditUnavailable : null;

    public string? FindDegradation() => _mayDrop && IsFailing ? "The audit log cannot be written." : null;

    // Not in the constructor: the log is opened when the app starts, and not when it is checked.
    private bool IsFailing => services.GetRequiredService<AuditLog>().IsFailing;
}
