namespace SecureInference.Tests.Pipeline.Validation;

/// <summary>Signatures to check against.</summary>
internal static class SomeModel
{
    public static ModelMetadata Of(ModelLimits limits, params TensorSpec[] inputs) => new()
    {
        Name = "m",
        Version = "1",
        Platform = "test_function",
        Inputs = inputs,
        Outputs = [new TensorSpec("y", TensorDataType.Float32, [-1])],
        Limits = limits,
    };
}
