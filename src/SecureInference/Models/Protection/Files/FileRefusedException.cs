namespace SecureInference.Models.Protection.Files;

/// <summary>A file is not used, whatever it holds.</summary>
/// <param name="path">The file.</param>
/// <param name="problem">The rest of a sentence about it, and what to do, without the end.</param>
internal sealed class FileRefusedException(string path, string problem) : Exception($"the file '{path}' {problem}")
{
    public string Problem => problem;
}
