namespace SecureInference;

/// <summary>Checks what a request gives against a model's signature and limits.</summary>
internal interface IInputValidator
{
    /// <summary>Checks a tensor's type and shape, before memory is rented for it.</summary>
    InferenceError? CheckHead(ModelMetadata model, TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape);

    /// <summary>Checks all the inputs, before a place in the queue is taken.</summary>
    InferenceError? Check(ModelMetadata model, InferenceRequest request);
}
