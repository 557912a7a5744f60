namespace SecureInference.Models.Protection.Signing;

/// <summary>Who may sign a model, as its operator has said.</summary>
internal sealed class SignatureTrust : IDisposable
{
    public IReadOnlyList<TrustedKey> Keys { get; init; } = [];

    public CertificateTrust? Certificates { get; init; }

    /// <summary>Gets whether signatures in the form of version 0.2.0 count.</summary>
    public bool AllowLegacy { get; init; }

    public void Dispose()
    {
        foreach (var key in Keys)
        {
            key.Dispose();
        }
    }
}
