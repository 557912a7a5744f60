namespace SecureInference;

/// <summary>What one input or output of a model must be.</summary>
public sealed class TensorContractOptions
{
    private const int MostRank = 64;

    /// <summary>Gets or sets the element type, as the protocol names it, for example <c>FP32</c>.</summary>
    /// <value>The default is <see langword="null"/>: any.</value>
    public string? DataType { get; set; }

    /// <summary>Gets or sets the dimensions, <c>-1</c> where one may be anything. The model has as many, and fixes those that have a number here.</summary>
    /// <value>The default is <see langword="null"/>: any.</value>
    public IList<long>? Shape { get; set; }

    /// <summary>Gets or sets the most of each dimension, <c>-1</c> where one may be anything. The model has as many, and fixes those that have a number here to it or less.</summary>
    /// <value>The default is <see langword="null"/>: any.</value>
    public IList<long>? MaxShape { get; set; }

    internal IEnumerable<string> Problems(string path)
    {
        if (DataType is not null && !TensorDataTypeExtensions.TryParseProtocolName(System.Text.Encoding.UTF8.GetBytes(DataType), out _))
        {
            yield return $"{path}:DataType is '{DataType}'. Write one of: {string.Join(", ", Enum.GetValues<TensorDataType>().Select(static type => type.ToProtocolName()))}.";
        }

        foreach (var (property, shape) in new[] { (nameof(Shape), Shape), (nameof(MaxShape), MaxShape) })
        {
            if (shape is not null && (shape.Count > MostRank || shape.Any(static dimension => dimension is < -1)))
            {
                yield return $"{path}:{property} is [{string.Join(", ", shape)}]. Write the dimensions, for example [ -1, 64 ]; -1 stands for any.";
            }
        }

        if (Shape is not null && MaxShape is not null && Shape.Count != MaxShape.Count)
        {
            yield return $"{path}:Shape and MaxShape have {Shape.Count} and {MaxShape.Count} dimensions. Write as many in both, or one of them.";
        }
    }
}
