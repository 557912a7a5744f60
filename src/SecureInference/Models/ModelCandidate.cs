namespace SecureInference.Models;

/// <summary>A version that is there to be loaded.</summary>
/// <param name="Version">Its number.</param>
/// <param name="File">Its file.</param>
/// <param name="Stamp">What tells this state of the file and of its signature from the next.</param>
/// <param name="Problem">Why it cannot be loaded, where that is known already.</param>
internal sealed record ModelCandidate(string Version, string File, ModelStamp Stamp, string? Problem = null)
{
    public static ModelCandidate Of(string version, string file) => new(version, file, ModelStamp.Of(file));

    public static ModelCandidate Unusable(string version, string problem) => new(version, "", default, problem);
}
