using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>The parameters of a request.</summary>
internal sealed class RequestParametersPart(CallDraft draft) : ParametersPart
{
    private const int BinaryDataOutput = 0;
    private const int Timeout = 1;
    private const int Sequence = 2;
    private const int Priority = 3;
    private const int Reserved = 4;
    private const long MaxTimeoutMicroseconds = 24L * 60 * 60 * 1_000_000;

    protected override int FindProperty(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("binary_data_output"u8) ? BinaryDataOutput
        : reader.ValueTextEquals("timeout"u8) ? Timeout
        : reader.ValueTextEquals("priority"u8) ? Priority
        : reader.ValueTextEquals("sequence_id"u8) ? Sequence
        : reader.ValueTextEquals("headers"u8) || reader.GetString() is ['t', 'r', 'i', 't', 'o', 'n', '_', ..] ? Reserved
        : -1;

    protected override InferenceError? OnValue(int property, ref Utf8JsonReader reader)
    {
        InferenceError? error;
        switch (property)
        {
            case BinaryDataOutput:
                error = ReadBoolean("binary_data_output", ref reader, out var isBinary);
                draft.BinaryByDefault = isBinary;
                return error;
            case Timeout:
                error = ReadInteger("timeout", ref reader, out var microseconds);
                draft.Timeout = microseconds == 0 ? null : TimeSpan.FromMicroseconds(Math.Min(microseconds, MaxTimeoutMicroseconds));
                return error;
            case Priority:
                // As with a timeout, 0 asks for nothing.
                error = ReadInteger("priority", ref reader, out var priority);
                draft.Priority = priority == 0 ? null : (int)Math.Min(priority, int.MaxValue);
                return error;
            case Sequence:
                return InferenceErrors.Payload("Sequences are not supported.");
            default:
                return InferenceErrors.Payload("The request has a parameter whose name is reserved for servers.");
        }
    }
}
