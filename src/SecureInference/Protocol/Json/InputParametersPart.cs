using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>The parameters of an input.</summary>
internal sealed class InputParametersPart(InputDraft input) : ParametersPart
{
    private const int BinaryDataSize = 0;
    private const int SharedMemory = 1;

    protected override int FindProperty(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("binary_data_size"u8) ? BinaryDataSize
        : reader.ValueTextEquals("shared_memory_region"u8) ? SharedMemory
        : -1;

    protected override InferenceError? OnValue(int property, ref Utf8JsonReader reader)
    {
        if (property == SharedMemory)
        {
            return InferenceErrors.Payload("Shared memory is not supported.");
        }

        var error = ReadInteger("binary_data_size", ref reader, out var size);
        input.BinarySize = size;
        return error;
    }
}
