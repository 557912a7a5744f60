namespace SecureInference;

/// <summary>What a model must take and give, so that a file that is another model by mistake is not served.</summary>
public sealed class ModelContractOptions
{
    /// <summary>Gets or sets the inputs by their names.</summary>
    /// <value>The default is empty: any. With one, the model has these inputs and no other.</value>
    public IDictionary<string, TensorContractOptions> Inputs { get; set; } = new Dictionary<string, TensorContractOptions>(StringComparer.Ordinal);

    /// <summary>Gets or sets the outputs by their names.</summary>
    /// <value>The default is empty: any. With one, the model has these outputs and no other.</value>
    public IDictionary<string, TensorContractOptions> Outputs { get; set; } = new Dictionary<string, TensorContractOptions>(StringComparer.Ordinal);

    internal IEnumerable<string> Problems(string path) =>
    [
        .. Inputs.SelectMany(tensor => tensor.Value.Problems($"{path}:Inputs:{tensor.Key}")),
        .. Outputs.SelectMany(tensor => tensor.Value.Problems($"{path}:Outputs:{tensor.Key}")),
    ];
}
