using System.Text.Unicode;

namespace SecureInference.Protocol;

/// <summary>Some tensors have no JSON form: better said before the run than after it.</summary>
internal static class OutputForms
{
    /// <summary>Refuses outputs whose type has no JSON form.</summary>
    public static InferenceError? Check(ModelMetadata model, InferCall call)
    {
        var names = call.Request.Outputs;
        var count = names.Count == 0 ? model.Outputs.Count : names.Count;
        for (var index = 0; index < count; index++)
        {
            var spec = names.Count == 0 ? model.Outputs[index] : model.FindOutput(names[index]);
            if (spec?.DataType is TensorDataType.Float16 or TensorDataType.BFloat16 && !call.IsBinary(index))
            {
                return InferenceErrors.OutputNotRepresentable(spec.Name, $"is {spec.DataType.ToProtocolName()}, which has no JSON form");
            }
        }

        return null;
    }

    /// <summary>Refuses strings that are not text; JSON cannot carry other bytes.</summary>
    public static InferenceError? Check(InferCall call, InferenceResponse response)
    {
        for (var index = 0; index < response.Outputs.Count; index++)
        {
            var output = response.Outputs[index];
            if (output.DataType == TensorDataType.Bytes && !call.IsBinary(index) && !IsText(output))
            {
                return InferenceErrors.OutputNotRepresentable(output.Name, "holds bytes that are not UTF-8");
            }
        }

        return null;
    }

    private static bool IsText(Tensor tensor)
    {
        var elements = new BytesElements(tensor.Data.Span);
        while (elements.MoveNext())
        {
            if (!Utf8.IsValid(elements.Current))
            {
                return false;
            }
        }

        return true;
    }
}
