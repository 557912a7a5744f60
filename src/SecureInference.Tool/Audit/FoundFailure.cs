using System.Text.Json;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>What is wrong with a log, for programs.</summary>
internal sealed record FoundFailure(string Kind, int ExitCode, string Message, string Meaning, string? File, long? Segment, long? Offset, long? Sequence, long? EndSequence)
{
    public static FoundFailure From(LogFailure failure) => new(
        JsonNamingPolicy.CamelCase.ConvertName(failure.Kind.ToString()),
        LogFailureExit.CodeOf(failure.Kind),
        failure.Message,
        LogFailureExit.MeaningOf(failure.Kind),
        failure.File,
        failure.Segment,
        failure.Offset,
        failure.Sequence,
        failure.EndSequence);
}
