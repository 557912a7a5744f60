using System.Text.Json.Serialization;

namespace SecureInference.Tool.Audit;

/// <summary>A line of an export that holds a checkpoint.</summary>
/// <param name="Size">How many records it signs.</param>
/// <param name="Note">The signed note.</param>
internal sealed record ExportedCheckpoint(long Size, string Note)
{
    /// <summary>Gets what tells the line from a record's.</summary>
    [JsonPropertyOrder(-1)]
    public string Kind { get; } = "checkpoint";
}
