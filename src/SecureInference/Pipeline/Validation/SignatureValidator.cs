using System.Globalization;

namespace SecureInference.Pipeline.Validation;

/// <summary>Checks tensors against a model's own signature: names, types, ranks, dimensions, counts, values.</summary>
internal static class SignatureValidator
{
    /// <summary>Checks a type and a shape; nothing has been allocated for them yet.</summary>
    public static InferenceError? CheckHead(ModelMetadata model, TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape)
    {
        if (dataType != spec.DataType)
        {
            return InferenceErrors.Tensor(
                $"input '{spec.Name}' has datatype {dataType.ToProtocolName()}; model '{model.Name}' expects {spec.DataType.ToProtocolName()}");
        }

        if (shape.Length != spec.Shape.Length)
        {
            return InferenceErrors.Tensor(
                $"unexpected shape for input '{spec.Name}' for model '{model.Name}': it has {shape.Length} dimensions; expected {Format(spec.Shape)}");
        }

        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (CheckDimension(model, spec, axis, shape[axis]) is { } error)
            {
                return error;
            }
        }

        return CheckCount(model, spec, shape);
    }

    /// <summary>Checks a whole request.</summary>
    public static InferenceError? Check(ModelMetadata model, InferenceRequest request) =>
        CheckInputs(model, request.Inputs) ?? CheckSymbols(model, request.Inputs) ?? CheckOutputs(model, request.Outputs) ?? CheckOutputSize(model, request);

    private static InferenceError? CheckInputs(ModelMetadata model, IReadOnlyList<Tensor> inputs)
    {
        for (var index = 0; index < inputs.Count; index++)
        {
            var input = inputs[index];
            for (var other = 0; other < index; other++)
            {
                if (inputs[other].Name == input.Name)
                {
                    return InferenceErrors.Tensor($"input '{input.Name}' is given twice");
                }
            }

            if (model.FindInput(input.Name) is not { } spec)
            {
                return InferenceErrors.UnexpectedInput(input.Name, model.Name);
            }

            if ((CheckHead(model, spec, input.DataType, input.Shape) ?? TensorContent.Check(model, input)) is { } error)
            {
                return error;
            }
        }

        return inputs.Count < model.Inputs.Count ? Missing(model, inputs) : null;
    }

    private static InferenceError? CheckOutputs(ModelMetadata model, IReadOnlyList<string> outputs)
    {
        for (var index = 0; index < outputs.Count; index++)
        {
            if (model.FindOutput(outputs[index]) is null)
            {
                return InferenceErrors.UnexpectedOutput(outputs[index], model.Name);
            }

            for (var other = 0; other < index; other++)
            {
                if (outputs[other] == outputs[index])
                {
                    return InferenceErrors.Tensor($"output '{outputs[index]}' is requested twice");
                }
            }
        }

        return null;
    }

    private static InferenceError? CheckOutputSize(ModelMetadata model, InferenceRequest request) =>
        OutputSize.OfKnown(model, request.Outputs, model.CountRows(request)) <= model.Limits.MaxOutputBytes ? null : InferenceErrors.OutputTooLarge(model);

    private static InferenceError? CheckDimension(ModelMetadata model, TensorSpec spec, int axis, long size)
    {
        var declared = spec.Shape[axis];
        var isRows = axis == 0 && declared == -1;
        if (size < (isRows ? 1 : 0) || (declared != -1 && size != declared))
        {
            return InferenceErrors.Tensor(
                $"unexpected shape for input '{spec.Name}' for model '{model.Name}': dimension {axis} is {size}; expected {Format(spec.Shape)}");
        }

        if (isRows && size > model.Limits.MaxRows)
        {
            return InferenceErrors.Tensor(
                $"inference request batch-size must be <= {model.Limits.MaxRows} for '{model.Name}': input '{spec.Name}' has {size} rows");
        }

        return null;
    }

    private static InferenceError? CheckCount(ModelMetadata model, TensorSpec spec, ReadOnlySpan<long> shape)
    {
        // Divided, not multiplied: a product of hostile dimensions would wrap around, also where one of them is zero.
        var room = LimitOf(model, spec);
        foreach (var size in shape)
        {
            room /= Math.Max(size, 1);
        }

        return room > 0 || shape.Length == 0
            ? null
            : InferenceErrors.Tensor($"input '{spec.Name}' has more than the {LimitOf(model, spec)} elements that model '{model.Name}' takes");
    }

    // A tensor whose dimensions are all declared, but for its rows, is as large as its model says; it must fit one array.
    private static long LimitOf(ModelMetadata model, TensorSpec spec) => (spec.HasRows ? spec.Shape[1..] : spec.Shape).Contains(-1)
        ? model.Limits.MaxTensorElements
        : Array.MaxLength / Math.Max(spec.DataType.GetElementSize(), sizeof(int));

    /// <summary>The engine may broadcast sizes that do not agree, and answer with nonsense.</summary>
    private static InferenceError? CheckSymbols(ModelMetadata model, IReadOnlyList<Tensor> inputs)
    {
        for (var index = 0; index < inputs.Count; index++)
        {
            for (var other = 0; other <= index; other++)
            {
                if (CheckSymbols(model, inputs[index], inputs[other]) is { } error)
                {
                    return error;
                }
            }
        }

        return null;
    }

    private static InferenceError? CheckSymbols(ModelMetadata model, Tensor first, Tensor second)
    {
        var firstSymbols = model.FindInput(first.Name) is { } firstSpec ? firstSpec.Symbols : default;
        var secondSymbols = model.FindInput(second.Name) is { } secondSpec ? secondSpec.Symbols : default;
        for (var axis = 0; axis < firstSymbols.Length; axis++)
        {
            for (var otherAxis = 0; otherAxis < secondSymbols.Length; otherAxis++)
            {
                if (firstSymbols[axis] is { Length: > 0 } symbol && symbol == secondSymbols[otherAxis]
                    && first.Shape[axis] != second.Shape[otherAxis])
                {
                    return InferenceErrors.Tensor(
                        $"inputs '{second.Name}' and '{first.Name}' must have the same '{symbol}': {second.Shape[otherAxis]} and {first.Shape[axis]}");
                }
            }
        }

        return null;
    }

    private static InferenceError Missing(ModelMetadata model, IReadOnlyList<Tensor> inputs)
    {
        foreach (var spec in model.Inputs)
        {
            var isGiven = false;
            for (var index = 0; index < inputs.Count; index++)
            {
                isGiven |= inputs[index].Name == spec.Name;
            }

            if (!isGiven)
            {
                return InferenceErrors.Tensor($"input '{spec.Name}' of model '{model.Name}' is missing");
            }
        }

        throw new InvalidOperationException("Every input is given, and yet fewer than there are.");
    }

    private static string Format(ReadOnlySpan<long> shape)
    {
        var text = new System.Text.StringBuilder("[");
        for (var axis = 0; axis < shape.Length; axis++)
        {
            text.Append(axis == 0 ? "" : ",").Append(shape[axis].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
