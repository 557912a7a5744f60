using System.Security.Cryptography;
using System.Text;
using SecureInference.Models;
using SecureInference.Models.Protection.Encryption;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Benchmarks;

/// <summary>A model with one large table of weights, signed and encrypted on disk.</summary>
internal sealed class LargeModel : IModelSigner, IDisposable
{
    private const int Columns = 128;

    private readonly ECDsa _publisher = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private LargeModel(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Gets the bytes of the clear file.</summary>
    public long Length { get; private set; }

    /// <summary>Gets the secret that opens the file.</summary>
    public string Identity { get; private set; } = "";

    public ModelOptions Options { get; } = new();

    public ReadOnlyMemory<byte> PublicKey => _publisher.ExportSubjectPublicKeyInfo();

    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [];

    public static async Task<LargeModel> CreateAsync(long length)
    {
        var model = new LargeModel(Directory.CreateTempSubdirectory("secure-inference-load-").FullName);
        var path = Path.Combine(model.Folder, "model.onnx");
        await WriteAsync(path, length);
        await model.SignModelAsync(path, path + ".sig");
        model.Length = new FileInfo(path).Length;
        using (var key = X25519Identity.Create())
        {
            model.Identity = Encoding.ASCII.GetString(key.Export());
            await using var clear = File.OpenRead(path);
            await using var target = File.Create(path + ".age");
            await AgeEncryption.WriteAsync(clear, target, [key.Recipient], progress: null, CancellationToken.None);
        }

        File.Delete(path);
        await File.WriteAllTextAsync(Path.Combine(model.Folder, "publisher.pem"), model._publisher.ExportSubjectPublicKeyInfoPem());
        foreach (var file in OperatingSystem.IsWindows() ? [] : Directory.GetFiles(model.Folder))
        {
            Restrict(file);
        }

        model.Options.Path = path + ".age";
        model.Options.TrustedKeys = [Path.Combine(model.Folder, "publisher.pem")];
        model.Options.Identities = ["env:KEY"];
        model.Options.RequireEncryption = true;
        return model;
    }

    /// <summary>Returns a reader that opens the file.</summary>
    public ModelReader CreateReader()
    {
        var sources = new IdentitySources(Folder, _ => Identity, new SettingsSecrets(section: null, app: null));
        return new ModelReader(decryption: new ModelDecryption(sources, [], TimeProvider.System));
    }

    public ValueTask<byte[]> SignHashAsync(ReadOnlyMemory<byte> hash, HashAlgorithmName algorithm, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_publisher.SignHash(hash.Span, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose()
    {
        _publisher.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    // Whatever the umask is: what others may change is not loaded.
    private static void Restrict(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // y = rows of the table w, by their numbers x.
    private static async Task WriteAsync(string path, long length)
    {
        var rows = length / sizeof(float) / Columns;
        var data = rows * Columns * sizeof(float);
        byte[] tensorHead = [.. Number(1, rows), .. Number(1, Columns), .. Number(2, 1), .. Head(9, data)];
        byte[] tensorTail = [.. Text(8, "w")];
        byte[] graphHead = [.. Head(5, tensorHead.Length + data + tensorTail.Length), .. tensorHead];
        byte[] node = [.. Text(1, "w"), .. Text(1, "x"), .. Text(2, "y"), .. Text(4, "Gather")];
        byte[] graphTail = [.. tensorTail, .. Value(11, "x", 7), .. Value(12, "y", 1, Number(1, Columns)), .. Head(1, node.Length), .. node];
        var set = Number(2, 17);
        byte[] head = [.. Number(1, 8), .. Head(8, set.Length), .. set, .. Head(7, graphHead.Length + data + graphTail.Length), .. graphHead];
        await using var file = File.Create(path);
        await file.WriteAsync(head);
        var block = new byte[1 << 20];
        for (var left = data; left > 0; left -= block.Length)
        {
            RandomNumberGenerator.Fill(block);
            await file.WriteAsync(block.AsMemory(0, (int)Math.Min(block.Length, left)));
        }

        await file.WriteAsync(graphTail);
    }

    private static byte[] Value(int field, string name, int type, params byte[][] more)
    {
        byte[] shape = [.. new[] { Text(2, "n") }.Concat(more).SelectMany(static dimension => (byte[])[.. Head(1, dimension.Length), .. dimension])];
        byte[] tensor = [.. Number(1, type), .. Head(2, shape.Length), .. shape];
        byte[] value = [.. Text(1, name), .. Head(2, tensor.Length + Head(1, tensor.Length).Length), .. Head(1, tensor.Length), .. tensor];
        return [.. Head(field, value.Length), .. value];
    }

    private static byte[] Text(int field, string text) => [.. Head(field, text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Head(int field, long length) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)length)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
