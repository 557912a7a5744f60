using SecureInference;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts an app's own endpoints behind the guards.</summary>
public static class InferenceGuardsEndpointConventionBuilderExtensions
{
    /// <summary>Demands that the caller may do an operation on a model, and that every guard has run; otherwise the endpoint refuses to run.</summary>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="model">The model's name, as scopes name it.</param>
    /// <param name="operation"><c>infer</c>, <c>read</c> or <c>admin</c>.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentException">The name or the operation is not one.</exception>
    public static TBuilder RequireInferenceGuards<TBuilder>(this TBuilder builder, string model, string operation = "infer")
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!ModelName.IsValid(model))
        {
            throw new ArgumentException($"'{model}' is no name for a model. A model's name is {ModelName.Rule}.", nameof(model));
        }

        var parsed = operation switch
        {
            "infer" => InferenceOperation.Infer,
            "read" => InferenceOperation.Read,
            "admin" => InferenceOperation.Admin,
            _ => throw new ArgumentException($"'{operation}' is no operation. Write infer, read or admin.", nameof(operation)),
        };
        GuardedEndpoint.ProtectAndDecide(builder, new InferenceEndpointMetadata(parsed, model, ModelParameter: null));
        return builder;
    }
}
