using System.Text;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>Signatures that somebody trusted has made, and that are refused for what they say.</summary>
public sealed class SignatureRefusalTests : IDisposable
{
    private readonly KeySigner _publisher = new();

    private Forgery Forge => new(_publisher.Key);

    public void Dispose() => _publisher.Dispose();

    [Fact]
    public void Verify_Sound_Holds()
    {
        var verified = Verify(Forge.Add("a").Add("b/c").Bundle());

        Assert.Equal(["a", "b/c"], verified.Manifest.Files.Select(static file => file.Name));
        Assert.Equal($"key {Forgery.HintOf(_publisher.Key)}", verified.Signer);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("/a")]
    [InlineData("a\\b")]
    [InlineData("a/./b")]
    [InlineData("a/../b")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void Name_ThatIsNoPlainPath_IsRefused(string name) => Refused(Forge.Add("x").Add(name).Bundle(), "no plain relative path");

    [Fact]
    public void Name_DotAmongSeveral_IsRefused() => Refused(Forge.Add(".").Add("x").Bundle(), "no plain relative path");

    [Fact]
    public void Name_DotAlone_IsTheModel() => Assert.NotNull(Verify(Forge.Add(".").Bundle()).Manifest.OneFile);

    [Fact]
    public void Name_Twice_IsRefused() => Refused(Forge.Add("a").Add("b").Add("a", "other").Bundle(), "a file twice");

    [Fact]
    public void Name_InvalidUtf8_IsRefused()
    {
        var payload = Encoding.UTF8.GetBytes(Forge.Add("MARK").Statement());
        payload[payload.AsSpan().IndexOf("MARK"u8)] = 0xFF;

        Refused(Forge.Bundle(payload), "no UTF-8");
    }

    [Fact]
    public void Name_HalfACharacter_IsRefused()
    {
        var forge = Forge.Add("MARK");
        forge.ChangeStatement = static text => text.Replace("MARK", "\\ud800", StringComparison.Ordinal);

        Refused(forge.Bundle(), "no Unicode");
    }

    [Fact]
    public void Order_OtherThanSorted_IsTakenAsGiven() => Assert.Equal(2, Verify(Forge.Add("b").Add("a").Bundle()).Manifest.Files.Count);

    [Fact]
    public void Resources_None_IsRefused() => Refused(Forge.Bundle(), "no file at all");

    [Theory]
    [InlineData("ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789")]
    [InlineData("abcd")]
    [InlineData("zz")]
    public void Digest_Malformed_IsRefused(string digest)
    {
        var forge = Forge.Add("a", digest: digest);
        forge.Root = new string('0', 64);

        Refused(forge.Bundle(), "64 lower-case");
    }

    [Fact]
    public void Root_OfOtherResources_IsRefused()
    {
        var forge = Forge.Add("a");
        forge.Root = new string('0', 64);

        Refused(forge.Bundle(), "not that of its resources");
    }

    [Theory]
    [InlineData("blake3", "blake3")]
    [InlineData("sha512", "is not the hash_type")]
    public void Algorithm_Other_IsRefused(string algorithm, string why)
    {
        var forge = Forge.Add("a", algorithm: algorithm);
        forge.HashType = algorithm == "blake3" ? algorithm : "sha256";

        Refused(forge.Bundle(), why);
    }

    [Theory]
    [InlineData("files", "8", "shard_size")]
    [InlineData("shards", null, "shard_size")]
    [InlineData("shards", "0", "shard_size")]
    [InlineData("shards", "-8", "shard_size")]
    [InlineData("shards", "8.5", "whole number")]
    [InlineData("trees", null, "neither files nor shards")]
    public void Serialization_Contradictory_IsRefused(string method, string? size, string why)
    {
        var forge = Forge.Add("a");
        (forge.Method, forge.ShardSize) = (method, size);

        Refused(forge.Bundle(), why);
    }

    [Theory]
    [InlineData("a:0:8", "a:9:10")]
    [InlineData("a:0:8", "a:7:10")]
    [InlineData("a:8:10")]
    [InlineData("a:0:4", "a:4:10")]
    [InlineData("a:0:9")]
    [InlineData("a:0:8", "a:0:8")]
    [InlineData("a:0:0")]
    [InlineData("a:00:8")]
    [InlineData("a:0:99999999999999999999")]
    [InlineData("a:0:-8")]
    [InlineData("a")]
    [InlineData(":0:8")]
    public void Shards_ThatDoNotTile_AreRefused(params string[] shards)
    {
        var forge = Forge;
        (forge.Method, forge.ShardSize) = ("shards", "8");
        Array.ForEach(shards, shard => forge.Add(shard));

        Refused(forge.Bundle(), shards[0] is "a" or ":0:8" or "a:0:0" or "a:00:8" or "a:0:99999999999999999999" or "a:0:-8" ? "file:start:end" : "shards of a file");
    }

    [Fact]
    public void Shards_OutOfOrderWithAColonAndAFloat_AreRead()
    {
        var forge = Forge.Add("a:b:8:16").Add("a:b:0:8").Add("a:b:16:17", algorithm: "sha256-sharded-8");
        (forge.Method, forge.ShardSize) = ("shards", "8.0");

        var file = Assert.Single(Verify(forge.Bundle()).Manifest.Files);

        Assert.Equal(("a:b", 3), (file.Name, file.Pieces.Length));
        Assert.Equal([1, 0, 2], file.Pieces.ToArray().Select(static piece => piece.Digest));
    }

    [Fact]
    public void Links_Followed_IsRefused()
    {
        var forge = Forge.Add("a");
        forge.Links = "true";

        Refused(forge.Bundle(), "symbolic links");
    }

    [Theory]
    [InlineData("\"predicateType\"", "\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\"", "twice")]
    [InlineData("\"method\":", "\"\\u006dethod\":\"files\",\"method\":", "twice")]
    [InlineData("\"method\":", "\"other\":1,\"method\":", "not known")]
    [InlineData("signature/v1.0", "signature/v2.0", "predicateType")]
    [InlineData("Statement/v1", "Statement/v0.1", "_type")]
    [InlineData("\"subject\":[", "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"}},", "more than one subject")]
    [InlineData("\"predicate\":", "\"predicates\":", "statements do not have")]
    [InlineData("\"name\":\"a\"", "\"name\":\"a\",\"more\":{\"x\":1,\"x\":2}", "twice")]
    [InlineData("\"name\":\"a\"", "\"name\":\"a\",\"more\":{\"x\":[1,{}],\"y\":null}", null)]
    [InlineData("{\"_type\"", "\uFEFF{\"_type\"", "malformed")]
    [InlineData("{\"_type\"", "/* */{\"_type\"", "malformed")]
    [InlineData("\"resources\":[", "\"resources\":[1,", "no an object")]
    public void Statement_Changed_IsRefused(string part, string by, string? why)
    {
        var forge = Forge.Add("a");
        forge.ChangeStatement = text => ReplaceFirst(text, part, by);

        if (why is null)
        {
            Assert.NotNull(Verify(forge.Bundle()));
        }
        else
        {
            Refused(forge.Bundle(), why);
        }
    }

    private static string ReplaceFirst(string text, string part, string by)
    {
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        return text[..at] + by + text[(at + part.Length)..];
    }

    private VerifiedSignature Verify(byte[] bundle)
    {
        using var trust = _publisher.Trust;
        return SignatureVerifier.Verify(SignatureBundle.Parse(bundle), trust, OmsVectors.Time);
    }

    private void Refused(byte[] bundle, string why) =>
        Assert.Contains(why, Assert.Throws<SignatureRefusedException>(() => Verify(bundle)).Message, StringComparison.Ordinal);
}
