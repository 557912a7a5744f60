namespace SecureInference.Onnx.Tests.Admission;

/// <summary>Hands out a model that is on no disk.</summary>
internal sealed class MemoryReader(byte[] file, IReadOnlyDictionary<string, byte[]> files) : IModelReader
{
    public ValueTask<ModelContent> ReadAsync(string model, string path, ModelOptions options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ModelContent { Model = file, Digest = "", Files = files });
}
