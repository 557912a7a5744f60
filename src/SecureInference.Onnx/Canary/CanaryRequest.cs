using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Onnx.Canary;

/// <summary>A model and its options, as they go to the process that tries them: everything has its length before it, and the bytes of the files come last.</summary>
internal sealed class CanaryRequest
{
    private readonly int _modelLength;
    private readonly KeyValuePair<string, int>[] _files;

    private CanaryRequest(string model, string nonce, ModelOptions options, int modelLength, KeyValuePair<string, int>[] files)
    {
        (Model, Nonce, Options) = (model, nonce, options);
        (_modelLength, _files) = (modelLength, files);
    }

    public string Model { get; }

    /// <summary>Gets what a verdict begins with: nothing that a model has ONNX Runtime write is mistaken for one.</summary>
    public string Nonce { get; }

    public ModelOptions Options { get; }

    /// <summary>Gets the bytes of all the files.</summary>
    public long Size => _modelLength + _files.Sum(static file => (long)file.Value);

    /// <summary>Returns what is tried, whatever the model is called and wherever it lies.</summary>
    public static string KeyOf(ModelOptions options, ModelContent content)
    {
        using var key = new MemoryStream();
        using var writer = new BinaryWriter(key, Encoding.UTF8);
        // A signed folder has one digest for all its models: which one it is, the other files say.
        writer.Write(content.Digest);
        Describe(writer, options, content);
        return Convert.ToHexString(SHA256.HashData(key.ToArray()));
    }

    public static async Task WriteAsync(Stream stream, string model, string nonce, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        using var head = new MemoryStream();
        using var writer = new BinaryWriter(head, Encoding.UTF8);
        writer.Write(model);
        writer.Write(nonce);
        Describe(writer, options, content);
        await stream.WriteAsync(head.ToArray(), cancellationToken);
        await stream.WriteAsync(content.Model, cancellationToken);
        foreach (var file in content.Files.Values)
        {
            await stream.WriteAsync(file, cancellationToken);
        }

        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Reads all but the bytes of the files.</summary>
    public static CanaryRequest Read(Stream stream)
    {
        // It reads no further than it is asked to.
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var (model, nonce) = (reader.ReadString(), reader.ReadString());
        var options = JsonSerializer.Deserialize(reader.ReadBytes(reader.ReadInt32()), CanaryJson.Default.ModelOptions) ?? throw new InvalidDataException("The options are missing.");
        var modelLength = reader.ReadInt32();
        var files = new KeyValuePair<string, int>[reader.ReadInt32()];
        for (var index = 0; index < files.Length; index++)
        {
            files[index] = new KeyValuePair<string, int>(reader.ReadString(), reader.ReadInt32());
        }

        return new CanaryRequest(model, nonce, options, modelLength, files);
    }

    /// <summary>Reads the bytes of the files, which follow; whoever is given them wipes them.</summary>
    public ModelContent ReadContent(Stream stream)
    {
        var model = ReadFile(stream, _modelLength);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, length) in _files)
        {
            files.Add(name, ReadFile(stream, length));
        }

        return new ModelContent { Model = model, Digest = "", Files = files };
    }

    // The collector moves none of it, and so leaves no copies behind.
    private static byte[] ReadFile(Stream stream, int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Describe(BinaryWriter writer, ModelOptions options, ModelContent content)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(options.ForFile(""), CanaryJson.Default.ModelOptions);
        writer.Write(json.Length);
        writer.Write(json);
        writer.Write(content.Model.Length);
        writer.Write(content.Files.Count);
        foreach (var (name, bytes) in content.Files)
        {
            writer.Write(name);
            writer.Write(bytes.Length);
        }
    }
}

[JsonSerializable(typeof(ModelOptions))]
internal sealed partial class CanaryJson : JsonSerializerContext;
