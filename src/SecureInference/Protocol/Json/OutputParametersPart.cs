using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>The parameters of an output.</summary>
internal sealed class OutputParametersPart(OutputPart output) : ParametersPart
{
    private const int BinaryData = 0;
    private const int Classification = 1;
    private const int SharedMemory = 2;

    protected override int FindProperty(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("binary_data"u8) ? BinaryData
        : reader.ValueTextEquals("classification"u8) ? Classification
        : reader.ValueTextEquals("shared_memory_region"u8) ? SharedMemory
        : -1;

    protected override InferenceError? OnValue(int property, ref Utf8JsonReader reader)
    {
        if (property != BinaryData)
        {
            return InferenceErrors.Payload(property == Classification ? "Classification is not supported." : "Shared memory is not supported.");
        }

        var error = ReadBoolean("binary_data", ref reader, out var isBinary);
        output.IsBinary = isBinary;
        return error;
    }
}
