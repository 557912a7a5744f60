namespace SecureInference.IntegrationTests.Limits;

/// <summary>An item of a structured field: a value, and its parameters in their order.</summary>
/// <param name="Value">A <see cref="long"/>, <see cref="decimal"/>, <see cref="string"/>, <see cref="FieldToken"/>, <see cref="bool"/>, or <see cref="byte"/> array.</param>
/// <param name="Parameters">Values of the same types, by key.</param>
internal sealed record FieldItem(object Value, IReadOnlyDictionary<string, object> Parameters);
