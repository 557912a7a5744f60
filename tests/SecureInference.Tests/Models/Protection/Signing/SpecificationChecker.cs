using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>Checks a signature as the specification says, and shares nothing with what makes it.</summary>
internal static class SpecificationChecker
{
    /// <returns>The root digest.</returns>
    public static string Check(string folder, string signature, ECDsa key)
    {
        using var bundle = JsonDocument.Parse(File.ReadAllBytes(signature));
        var root = bundle.RootElement;
        Assert.Equal("application/vnd.dev.sigstore.bundle.v0.3+json", root.GetProperty("mediaType").GetString());
        var envelope = root.GetProperty("dsseEnvelope");
        Assert.Equal("application/vnd.in-toto+json", envelope.GetProperty("payloadType").GetString());
        var payload = envelope.GetProperty("payload").GetBytesFromBase64();
        var only = Assert.Single(envelope.GetProperty("signatures").EnumerateArray());
        Assert.True(key.VerifyData(
            Forgery.Pae("application/vnd.in-toto+json", payload), only.GetProperty("sig").GetBytesFromBase64(), Forgery.HashOf(key), DSASignatureFormat.Rfc3279DerSequence));
        return CheckStatement(folder, payload);
    }

    private static string CheckStatement(string folder, byte[] payload)
    {
        using var document = JsonDocument.Parse(payload);
        var statement = document.RootElement;
        Assert.Equal("https://in-toto.io/Statement/v1", statement.GetProperty("_type").GetString());
        Assert.Equal("https://model_signing/signature/v1.0", statement.GetProperty("predicateType").GetString());
        var subject = Assert.Single(statement.GetProperty("subject").EnumerateArray());
        Assert.False(string.IsNullOrEmpty(subject.GetProperty("name").GetString()));
        var predicate = statement.GetProperty("predicate");
        Assert.Equal("sha256", predicate.GetProperty("serialization").GetProperty("hash_type").GetString());
        Assert.False(predicate.GetProperty("serialization").GetProperty("allow_symlinks").GetBoolean());
        var resources = predicate.GetProperty("resources").EnumerateArray().ToArray();
        var digests = resources.SelectMany(static resource => Convert.FromHexString(resource.GetProperty("digest").GetString()!)).ToArray();
        var rootDigest = subject.GetProperty("digest").GetProperty("sha256").GetString();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(digests)), rootDigest);
        var names = resources.Select(static resource => resource.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(names.OrderBy(static name => Encoding.UTF32.GetBytes(name), Comparer<byte[]>.Create(CompareCodePoints)), names);
        Assert.All(resources, resource => CheckResource(folder, predicate.GetProperty("serialization"), resource));
        return rootDigest!;
    }

    private static void CheckResource(string folder, JsonElement serialization, JsonElement resource)
    {
        Assert.Equal("sha256", resource.GetProperty("algorithm").GetString());
        var name = resource.GetProperty("name").GetString()!;
        var content = serialization.GetProperty("method").GetString() == "files" ? File.ReadAllBytes(Path.Combine(folder, name)) : ReadShard(folder, name);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), resource.GetProperty("digest").GetString());
    }

    private static byte[] ReadShard(string folder, string name)
    {
        var parts = name.Split(':');
        var (start, end) = (int.Parse(parts[^2], null), int.Parse(parts[^1], null));
        return File.ReadAllBytes(Path.Combine(folder, string.Join(':', parts[..^2])))[start..end];
    }

    private static int CompareCodePoints(byte[] one, byte[] other)
    {
        for (var index = 0; index < Math.Min(one.Length, other.Length); index += sizeof(int))
        {
            if (BitConverter.ToUInt32(one, index) is var left && BitConverter.ToUInt32(other, index) is var right && left != right)
            {
                return left.CompareTo(right);
            }
        }

        return one.Length.CompareTo(other.Length);
    }
}
