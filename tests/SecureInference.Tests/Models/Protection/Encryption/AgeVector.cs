using System.IO.Compression;
using System.Text;
using SecureInference.Models.Protection.Encryption;
using SecureInference.Tests.Architecture;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>One file of the public age test kit (C2SP/CCTV): what a reader must make of it, and the file.</summary>
internal sealed record AgeVector(string Name, ILookup<string, string> Fields, byte[] File)
{
    public const string Reason = "The public age vectors are not beside the checkout.";

    public static string Folder { get; } = Path.Combine(Repository.Root, "..", "shared", "vectors", "age", "testdata");

    public static string[] Names => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];

    /// <summary>Post-quantum keys are not built: what is made for them is for somebody else.</summary>
    public static bool IsHybrid(string name) => name.Contains("hybrid", StringComparison.Ordinal);

    public string Expect => Fields["expect"].Single();

    public bool IsArmored => Fields["armored"].Any();

    /// <summary>Gets the SHA-256 of all clear text that a reader may let go, in hexadecimal.</summary>
    public string? Payload => Fields["payload"].SingleOrDefault();

    public IAgeIdentity[] Identities =>
    [
        .. Fields["identity"].Select(X25519Identity.TryParse).OfType<IAgeIdentity>(),
        .. Fields["passphrase"].Select(static text => new ScryptIdentity(SecretBytes.CopyOf(Encoding.UTF8.GetBytes(text)))),
    ];

    public static AgeVector Read(string name)
    {
        var bytes = System.IO.File.ReadAllBytes(Path.Combine(Folder, name));
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        var fields = Encoding.UTF8.GetString(bytes, 0, end).Split('\n').Select(static line => line.Split(": ", 2)).ToLookup(static field => field[0], static field => field[1]);
        var file = bytes[(end + 2)..];
        return new AgeVector(name, fields, fields["compressed"].Any() ? Inflate(file) : file);
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var inflated = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }
}
