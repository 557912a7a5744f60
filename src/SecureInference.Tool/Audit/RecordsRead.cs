using System.Globalization;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>What is known of the records that were read.</summary>
/// <param name="Verification">What the check found; <see langword="null"/> where there was none.</param>
/// <param name="Unsigned">How many records after the last checkpoint were left out.</param>
/// <param name="End">One beyond the last record that was read.</param>
internal sealed record RecordsRead(LogVerification? Verification, long Unsigned, long End)
{
    /// <summary>Gets whether there are signs of records that could not be read.</summary>
    public bool IsShort { get; init; }

    public bool IsVerified => Verification is not null;

    /// <summary>Says in a sentence how much these records are worth.</summary>
    public string Summary => Verification is { } verification
        ? End <= verification.FirstSequence ? "Verified: the log has no record that is signed yet." : string.Create(CultureInfo.InvariantCulture, $"Verified: records {verification.FirstSequence} to {End - 1} are as the key signed them.")
            + (Unsigned > 0 ? string.Create(CultureInfo.InvariantCulture, $" {Unsigned} after the last checkpoint are left out.") : "")
        : "NOT VERIFIED: these records may have been changed. Give --public-key to check them."
            + (IsShort ? " The log is damaged: some records cannot be read. 'audit verify' says where." : "");
}
