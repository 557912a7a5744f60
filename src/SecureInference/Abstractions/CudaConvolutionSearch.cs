namespace SecureInference;

/// <summary>How the algorithm of a convolution is chosen, for each shape anew.</summary>
public enum CudaConvolutionSearch
{
    /// <summary>By rules, which takes no time to speak of.</summary>
    Heuristic,

    /// <summary>By trying all: the first run of each shape is slow, later ones may be faster.</summary>
    Exhaustive,

    /// <summary>The library's first choice.</summary>
    Default,
}
