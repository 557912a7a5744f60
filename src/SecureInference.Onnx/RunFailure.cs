using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Tells ONNX Runtime's failures apart: all it says is a message that begins with a code.</summary>
internal static class RunFailure
{
    private const string Prefix = "[ErrorCode:";

    private const string InvalidArgument = "InvalidArgument";

    /// <summary>What operators say of values and shapes that do not fit, under the code of any other failure.</summary>
    private static readonly string[] RejectedValues =
    [
        "Out of range value in index",
        "out of bounds",
        "out of data bounds",
        "cannot be reshaped",
        "Attempting to broadcast",
        "dimension mismatch",
        "mismatched dimensions",
        "division by zero",
    ];

    /// <summary>Returns the code, for logs; the rest of the message may hold a caller's values.</summary>
    public static string CodeOf(Exception failure)
    {
        var message = failure.Message;
        var end = message.IndexOf(']', StringComparison.Ordinal);
        return failure is OnnxRuntimeException && end > Prefix.Length && message.StartsWith(Prefix, StringComparison.Ordinal)
            ? message[Prefix.Length..end]
            : failure.GetType().Name;
    }

    /// <summary>Returns whether the inputs are to blame: their signature is checked, but not what each operator asks of values.</summary>
    public static bool IsRejectedInput(Exception failure) =>
        CodeOf(failure) == InvalidArgument
        || (failure is OnnxRuntimeException && Array.Exists(RejectedValues, text => failure.Message.Contains(text, StringComparison.Ordinal)));

    /// <summary>Says why a model does not load. The message quotes nothing of the file; the cause inside may.</summary>
    public static ModelLoadException ExplainLoad(string model, OnnxRuntimeException failure)
    {
        var code = CodeOf(failure);
        var what = failure.Message.Contains("External data", StringComparison.OrdinalIgnoreCase)
            ? "keeps its weights in further files. Save it as one file"
            : failure.Message.Contains("is not currently registered or supported", StringComparison.Ordinal)
            ? "has an input or output of complex or 4-bit numbers, which the protocol cannot carry. Convert it to take and give other numbers"
            : code switch
            {
                "InvalidProtobuf" or InvalidArgument or "NoModel" => "is not an ONNX model, or is damaged. Export or copy it again",
                "InvalidGraph" => "breaks the rules of ONNX, or uses an operator that ONNX Runtime does not have. Export it again",
                "NotImplemented" => "uses an operator that ONNX Runtime does not have on this device. Export it for another opset",
                _ => $"was refused by ONNX Runtime with the code {code}. Export it for an opset that this version has",
            };
        return new ModelLoadException($"SecureInference:Models:{model}:Path: the file {what}.", failure);
    }
}
