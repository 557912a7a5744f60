using System.Runtime.CompilerServices;

namespace SecureInference.Protocol;

/// <summary>A body without JSON: the bytes of a model's only input, in one row.</summary>
internal static class RawRequest
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<InferenceError?> ReadAsync(RequestBody body, CallDraft draft, CancellationToken cancellationToken)
    {
        var model = draft.Model.Metadata;
        if (model.Inputs.Count != 1 || model.Inputs[0].DataType == TensorDataType.Bytes || !TryFixShape(model.Inputs[0], out var shape))
        {
            return InferenceErrors.Payload($"A raw request needs a model with one input of numbers, whose shape is known but for its rows. Model '{model.Name}' is none.");
        }

        var spec = model.Inputs[0];
        var input = draft.AddInput();
        input.Spec = spec;
        input.DataType = spec.DataType;
        input.SetShape(shape);
        input.BinarySize = Tensor.CountElements(shape) * spec.DataType.GetElementSize();
        draft.BinaryByDefault = true;
        return await input.ReadBinaryAsync(body, cancellationToken) is null && await body.EndsHereAsync(cancellationToken)
            ? null
            : InferenceErrors.Tensor($"a raw request for input '{spec.Name}' has exactly {input.BinarySize} bytes");
    }

    private static bool TryFixShape(TensorSpec spec, out long[] shape)
    {
        shape = spec.Shape.ToArray();
        if (spec.HasRows)
        {
            shape[0] = 1;
        }

        return !shape.AsSpan().Contains(-1);
    }
}
