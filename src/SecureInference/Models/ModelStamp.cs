using SecureInference.Models.Protection;

namespace SecureInference.Models;

/// <summary>What tells one state of a model's file from the next: another signature may turn a model down, or admit it.</summary>
/// <param name="File">The file.</param>
/// <param name="Signature">The signature that counts, where there is one.</param>
internal readonly record struct ModelStamp(FileStamp File, FileStamp Signature)
{
    /// <exception cref="IOException">The links of a path lead in a circle.</exception>
    public static ModelStamp Of(string path)
    {
        var file = FileStamp.Of(path);
        return new ModelStamp(file, ModelSignature.PathsFor(file.RealPath).FirstOrDefault(System.IO.File.Exists) is { } signature ? FileStamp.Of(signature) : default);
    }
}
