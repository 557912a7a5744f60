using System.Security.Cryptography;
using System.Text;
using SecureInference.Models.Protection.Encryption;
using SecureInference.Models.Protection.Signing;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Protection;

/// <summary>A model that a publisher signs and encrypts in a place of its own, and the folder of the server that gets it: no clear byte lies there.</summary>
internal sealed class ProtectedModel : IDisposable
{
    private const int Width = 4;

    private readonly TestFolder _folder = new();
    private readonly X25519Identity _key = X25519Identity.Create();

    public ProtectedModel()
    {
        Write("publisher.pem", Encoding.ASCII.GetBytes(Publisher.ExportSubjectPublicKeyInfoPem()));
        Write("key.txt", _key.Export());
    }

    public ECDsa Publisher { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Gets what stands in every clear model of this test, and nowhere else.</summary>
    public string Marker { get; } = "CLEAR-" + Guid.NewGuid().ToString("N");

    /// <summary>Gets the secret half of the key that opens the model, as it is written.</summary>
    public string Secret => Encoding.ASCII.GetString(_key.Export());

    public X25519Recipient Recipient => _key.Recipient;

    public string Folder => _folder.Path;

    public string ModelPath => _folder.File("model.onnx.age");

    public string SignaturePath => _folder.File("model.onnx.sig");

    public Dictionary<string, string?> Settings => new()
    {
        ["Models:m:Path"] = ModelPath,
        ["Models:m:TrustedKeys:0"] = _folder.File("publisher.pem"),
        ["Models:m:Identities:0"] = _folder.File("key.txt"),
        ["Models:m:RequireEncryption"] = "true",
        ["Models:m:PollInterval"] = "00:00:00",
    };

    /// <summary>Makes y = x + <paramref name="number"/>, and puts it into the server's folder.</summary>
    /// <param name="number">What tells one model from another.</param>
    /// <param name="signer">Who signs it; the publisher where nothing is said.</param>
    /// <param name="recipient">Who may open it; the server where nothing is said.</param>
    /// <returns>The digest of the model.</returns>
    public async Task<string> PublishAsync(float number, ECDsa? signer = null, X25519Recipient? recipient = null)
    {
        var clear = Build(number);
        using var elsewhere = new TestFolder();
        var (model, signature) = (elsewhere.File("model.onnx"), elsewhere.File("model.onnx.sig"));
        await File.WriteAllBytesAsync(model, clear, TestContext.Current.CancellationToken);
        var digest = await new Signer(signer ?? Publisher).SignModelAsync(model, signature, cancellationToken: TestContext.Current.CancellationToken);
        using var encrypted = new MemoryStream();
        await AgeEncryption.WriteAsync(new MemoryStream(clear), encrypted, [recipient ?? Recipient], progress: null, TestContext.Current.CancellationToken);
        Write("model.onnx.age", encrypted.ToArray());
        Write("model.onnx.sig", await File.ReadAllBytesAsync(signature, TestContext.Current.CancellationToken));
        return digest;
    }

    /// <summary>Puts a file into the server's folder, which nobody else may read.</summary>
    public string Write(string name, byte[] content)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path + ".new", content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    public void Dispose()
    {
        Publisher.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    private byte[] Build(float number)
    {
        // The weights are the marker too: a copy of them alone would be found.
        var weights = new float[8 * Width];
        Encoding.ASCII.GetBytes(Marker).AsSpan(0, 32).CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
        return new OnnxModelBuilder(Marker)
            .Input("x", OnnxType.Float, "batch", Width)
            .Output("y", OnnxType.Float, "batch", Width)
            .Output("w", OnnxType.Float, "batch", 8)
            .Initializer("number", [number, number, number, number], Width)
            .Initializer("weights", weights, Width, 8)
            .Node("Add", ["x", "number"], ["y"])
            .Node("MatMul", ["x", "weights"], ["w"])
            .Build();
    }

    private sealed class Signer(ECDsa key) : IModelSigner
    {
        public ReadOnlyMemory<byte> PublicKey => key.ExportSubjectPublicKeyInfo();

        public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

        public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, CancellationToken cancellationToken) =>
            ValueTask.FromResult(key.SignHash(hash.Span, DSASignatureFormat.Rfc3279DerSequence));
    }
}
