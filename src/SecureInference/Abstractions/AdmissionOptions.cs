namespace SecureInference;

/// <summary>What a model file may contain and cost: it is searched before native code sees it.</summary>
public sealed class AdmissionOptions
{
    /// <summary>Gets or sets how strictly the file is judged.</summary>
    /// <value>The default is <see cref="AdmissionPolicy.Strict"/>.</value>
    public AdmissionPolicy Policy { get; set; } = AdmissionPolicy.Strict;

    /// <summary>Gets or sets the rules that are reported instead of refusing, by their names, such as <c>ONNX-D1</c>.</summary>
    /// <value>The default is an empty list.</value>
    public IList<string> DisabledRules { get; set; } = [];

    /// <summary>Gets or sets the domains of operators that may be used beside <c>ai.onnx</c> and <c>ai.onnx.ml</c>, such as <c>com.microsoft</c>.</summary>
    /// <value>The default is an empty list.</value>
    public IList<string> AllowedDomains { get; set; } = [];

    /// <summary>Gets or sets single operators that may be used, as <c>domain:name</c>, such as <c>com.microsoft:Gelu</c>.</summary>
    /// <value>The default is an empty list.</value>
    public IList<string> AllowedOperators { get; set; } = [];

    /// <summary>Gets or sets the most bytes of the model file.</summary>
    /// <value>The default is 2,147,483,647, which is also the most that protobuf knows.</value>
    public long MaxModelBytes { get; set; } = int.MaxValue;

    /// <summary>Gets or sets the most nodes, in all graphs and functions together, and after functions are expanded.</summary>
    /// <value>The default is 1,000,000.</value>
    public int MaxNodes { get; set; } = 1_000_000;

    /// <summary>Gets or sets the most initializers.</summary>
    /// <value>The default is 1,000,000.</value>
    public int MaxInitializers { get; set; } = 1_000_000;

    /// <summary>Gets or sets the most functions that the model defines.</summary>
    /// <value>The default is 1,000.</value>
    public int MaxFunctions { get; set; } = 1_000;

    /// <summary>Gets or sets how deep functions may call each other.</summary>
    /// <value>The default is 32.</value>
    public int MaxFunctionDepth { get; set; } = 32;

    /// <summary>Gets or sets the most bytes of one name.</summary>
    /// <value>The default is 4,096.</value>
    public int MaxNameBytes { get; set; } = 4_096;

    /// <summary>Gets or sets the most bytes of documentation and metadata together.</summary>
    /// <value>The default is 16,777,216.</value>
    public long MaxTextBytes { get; set; } = 16 << 20;

    /// <summary>Gets or sets the most dimensions of a tensor.</summary>
    /// <value>The default is 16.</value>
    public int MaxRank { get; set; } = 16;

    /// <summary>Gets or sets the most bytes that the strings of all constant tensors take in memory.</summary>
    /// <value>The default is 67,108,864.</value>
    public long MaxStringTensorBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets the most bytes of a sparse tensor once it is dense, where the policy lets sparse tensors pass.</summary>
    /// <value>The default is 16,777,216.</value>
    public long MaxSparseBytes { get; set; } = 16 << 20;

    /// <summary>Gets or sets how deep control flow may be nested, where the policy lets it pass.</summary>
    /// <value>The default is 4.</value>
    public int MaxControlFlowDepth { get; set; } = 4;

    /// <summary>Gets or sets the most rounds of a loop, where the policy lets loops pass.</summary>
    /// <value>The default is 1,000.</value>
    public long MaxLoopRounds { get; set; } = 1_000;

    /// <summary>Gets or sets the most bytes of a tensor that follows from constants alone, and so is computed while the model loads.</summary>
    /// <value>The default is 67,108,864.</value>
    public long MaxConstantBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets how many times the bytes of the file and of the largest request together one operator that multiplies may make.</summary>
    /// <value>The default is 256; up to <see cref="MaxConstantBytes"/> is never too much.</value>
    public int MaxAmplification { get; set; } = 256;

    /// <summary>Gets or sets the most bytes of intermediate tensors that live at once in the largest run.</summary>
    /// <value>The default is 4,294,967,296.</value>
    public long MaxRunBytes { get; set; } = 4L << 30;

    /// <summary>Gets or sets the most floating-point operations of the largest run.</summary>
    /// <value>The default is 20,000,000,000,000.</value>
    public long MaxRunFlops { get; set; } = 20_000_000_000_000;

    internal IEnumerable<string> Problems(string path)
    {
        foreach (var (property, value, most) in new (string, long, long)[]
        {
            (nameof(MaxModelBytes), MaxModelBytes, int.MaxValue),
            (nameof(MaxNodes), MaxNodes, 10_000_000),
            (nameof(MaxInitializers), MaxInitializers, 10_000_000),
            (nameof(MaxFunctions), MaxFunctions, 100_000),
            // Deeper chains end ONNX Runtime's process, which nothing can catch.
            (nameof(MaxFunctionDepth), MaxFunctionDepth, 256),
            (nameof(MaxNameBytes), MaxNameBytes, 1 << 20),
            (nameof(MaxTextBytes), MaxTextBytes, int.MaxValue),
            (nameof(MaxRank), MaxRank, 64),
            (nameof(MaxStringTensorBytes), MaxStringTensorBytes, long.MaxValue),
            (nameof(MaxSparseBytes), MaxSparseBytes, long.MaxValue),
            (nameof(MaxControlFlowDepth), MaxControlFlowDepth, 16),
            (nameof(MaxLoopRounds), MaxLoopRounds, long.MaxValue),
            (nameof(MaxConstantBytes), MaxConstantBytes, long.MaxValue),
            (nameof(MaxAmplification), MaxAmplification, int.MaxValue),
            (nameof(MaxRunBytes), MaxRunBytes, long.MaxValue),
            (nameof(MaxRunFlops), MaxRunFlops, long.MaxValue),
        })
        {
            if (value < 1 || value > most)
            {
                yield return $"{path}:{property} is {value}. Write at least 1{(most == long.MaxValue ? "" : $" and at most {most}")}.";
            }
        }

        foreach (var name in AllowedOperators.Where(static name => name.Count(':') != 1 || name[^1] == ':'))
        {
            yield return $"{path}:AllowedOperators has '{name}'. Write the domain, a colon and the operator, for example \"com.microsoft:Gelu\".";
        }

        foreach (var name in AllowedDomains.Where(string.IsNullOrWhiteSpace))
        {
            yield return $"{path}:AllowedDomains has '{name}'. Write a domain, for example \"com.microsoft\".";
        }
    }
}
