namespace SecureInference.Models.Protection.Signing;

/// <summary>How a model is signed.</summary>
public sealed class ModelSigningOptions
{
    /// <summary>Gets or sets the size in bytes of the pieces that files are hashed in, all processors at once.</summary>
    /// <value>The default is <see langword="null"/>: each file is hashed as a whole. For files of many gigabytes write 1,000,000,000.</value>
    public long? ShardSize { get; set; }

    /// <summary>Gets or sets paths in the model's folder that are left out, with all that is below them. What is left out is never loaded.</summary>
    /// <value>The default is an empty list.</value>
    public IList<string> IgnoredPaths { get; set; } = [];
}
