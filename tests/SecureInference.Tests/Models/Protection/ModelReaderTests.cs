using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using SecureInference.Tests.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection;

/// <summary>What the door lets in, and what not.</summary>
public sealed class ModelReaderTests : IDisposable
{
    private readonly Door _door = new();

    public ModelReaderTests() => _door.Write("model.onnx", "content");

    public void Dispose() => _door.Dispose();

    [Fact]
    public async Task Unsigned_NothingAsked_IsReadWithAWarning()
    {
        using var content = await _door.ReadAsync();

        Assert.Equal(("content", Forgery.Hex(SHA256.HashData("content"u8))), (Door.Text(content.Model), content.Digest));
        Assert.True(content.Protection.IsNone);
        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1351 && entry.Level == LogLevel.Warning);
    }

    [Theory]
    [InlineData("model.onnx.sig", null)]
    [InlineData("model.onnx.sig", 3L)]
    [InlineData("model.sig", null)]
    public async Task Signed_IsReadAndNamesItsSigner(string signature, long? shardSize)
    {
        var digest = await _door.Trust().SignAsync(signature, shardSize: shardSize);

        using var content = await _door.ReadAsync();

        Assert.Equal(("content", digest), (Door.Text(content.Model), content.Digest));
        Assert.Equal($"key {Forgery.HintOf(_door.Publisher.Key)}", content.Protection.Signer);
        var said = Assert.Single(_door.Log.Entries, static entry => entry.EventId == 1350).Message;
        Assert.Contains(digest, said, StringComparison.Ordinal);
        Assert.Contains(Forgery.HintOf(_door.Publisher.Key), said, StringComparison.Ordinal);
        Assert.DoesNotContain(_door.Log.Entries, static entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Signature_Missing_IsRefusedAndSaysWhereItWasLookedFor()
    {
        _door.Trust();

        await _door.RefusedAsync("must be signed", "model.onnx.sig", "model.sig", "model sign");
    }

    [Fact]
    public async Task Signature_MissingAndNotRequired_IsReadWithAWarning()
    {
        _door.Trust().Options.RequireSignature = false;

        using var content = await _door.ReadAsync();

        Assert.Null(content.Protection.Signer);
        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1351);
    }

    [Fact]
    public async Task Signature_WrongAndNotRequired_IsRefusedAllTheSame()
    {
        await _door.Trust().SignAsync();
        _door.Options.RequireSignature = false;
        _door.Write("model.onnx", "Content");

        await _door.RefusedAsync("model.onnx.sig' is refused", "is not the one that was signed");
    }

    [Fact]
    public async Task Signature_AndNobodyTrusted_IsReadWithAWarning()
    {
        await _door.SignAsync();

        using var content = await _door.ReadAsync();

        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1352);
    }

    [Fact]
    public async Task Key_Missing_IsRefusedAndNamesIt()
    {
        await _door.Trust().SignAsync();
        File.Delete(_door.KeyFile);

        await _door.RefusedAsync("TrustedKeys", _door.KeyFile, "does not exist");
    }

    [Fact]
    public async Task Key_OfAnother_IsRefusedAndNamesIt()
    {
        await _door.Trust().SignAsync();
        using var other = new KeySigner();
        _door.Write("keys/publisher.pem", other.Pem);

        await _door.RefusedAsync("another key", Forgery.HintOf(_door.Publisher.Key), "TrustedKeys");
    }

    [Fact]
    public async Task Signature_OfAnotherModel_IsRefused()
    {
        _door.Write("other.onnx", "content");
        await _door.Trust().SignAsync(path: _door.File("other.onnx"));

        await _door.RefusedAsync("made for another model", "'model.onnx'");
    }

    [Fact]
    public async Task Signature_OfADotWithTheNameOfAnother_IsRefused()
    {
        _door.Trust();
        var forge = new Forgery(_door.Publisher.Key) { SubjectName = "other.onnx" }.Add(".");
        _door.Write("model.onnx.sig", Encoding.UTF8.GetString(forge.Bundle()));
        await _door.RefusedAsync("'other.onnx'", "'model.onnx'");

        forge.SubjectName = "model.onnx";
        _door.Write("model.onnx.sig", Encoding.UTF8.GetString(forge.Bundle()));
        using var content = await _door.ReadAsync();

        Assert.Equal("content", Door.Text(content.Model));
    }

    [Fact]
    public async Task Digest_NotPinned_IsRefused()
    {
        var old = await _door.Trust().SignAsync();
        _door.Write("model.onnx", "newer");
        _door.Options.PinnedDigests = [await _door.SignAsync()];
        using (var newer = await _door.ReadAsync())
        {
            Assert.Equal(_door.Options.PinnedDigests[0], newer.Digest);
        }

        _door.Write("model.onnx", "content");
        await _door.SignAsync();

        await _door.RefusedAsync("PinnedDigests", old);
    }

    [Fact]
    public async Task Folder_OtherFilesThatAreSigned_AreHandedOnByName()
    {
        _door.Write("weights/a.bin", "weights").Write("empty", "");
        await _door.Trust().SignAsync("model.sig");

        using var content = await _door.ReadAsync();

        Assert.Equal(["empty", "weights/a.bin"], content.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("weights", Door.Text(content.Files["weights/a.bin"]));
    }

    [Fact]
    public async Task Folder_OtherFileChanged_IsRefusedAndNamesIt()
    {
        _door.Write("weights.bin", "weights");
        await _door.Trust().SignAsync("model.sig");
        _door.Write("weights.bin", "Weights");

        await _door.RefusedAsync("'weights.bin' is not the one that was signed");
    }

    [Fact]
    public async Task Folder_OtherFileMissing_IsRefusedAndNamesIt()
    {
        _door.Write("weights.bin", "weights");
        await _door.Trust().SignAsync("model.sig");
        File.Delete(_door.File("weights.bin"));

        await _door.RefusedAsync(_door.File("weights.bin"), "does not exist");
    }

    [Fact]
    public async Task Folder_FileThatIsNotSigned_IsRefusedAndNeverLoadedWhereIgnored()
    {
        _door.Write("other", "x");
        await _door.Trust().SignAsync("model.sig");
        _door.Write("extra", "x");
        await _door.RefusedAsync("'extra'", "IgnoreUnsignedFiles");

        _door.Options.IgnoreUnsignedFiles = true;
        using var content = await _door.ReadAsync();

        Assert.Equal(["other"], content.Files.Keys);
    }

    [Fact]
    public async Task Model_InAPathThatTheSignerIgnores_IsNotLoadedFromThere()
    {
        _door.Write("ignored/model.onnx", "x").Trust();
        await _door.SignAsync("model.sig");
        _door.Options.Path = _door.File("ignored/model.onnx");

        await _door.RefusedAsync("must be signed");
    }

    [Fact]
    public async Task OneFile_BesideOthers_NeedsNoSignatureOfThose()
    {
        _door.Write("other.onnx", "x").Trust();
        await _door.SignAsync("model.sig", _door.Options.Path);

        using var content = await _door.ReadAsync();

        Assert.Empty(content.Files);
    }

    [Fact]
    public async Task EveryByte_FlippedInTurn_IsRefused()
    {
        await _door.Trust().SignAsync(shardSize: 3);

        foreach (var (name, why) in new[] { ("model.onnx", "is not the one that was signed"), ("model.onnx.sig", "is refused") })
        {
            var bytes = File.ReadAllBytes(_door.File(name));
            for (var index = 0; index < bytes.Length; index++)
            {
                var flipped = bytes.ToArray();
                flipped[index] ^= (byte)(1 << (index % 8));
                File.WriteAllBytes(_door.File(name), flipped);
                Assert.Contains(why, (await Assert.ThrowsAsync<ModelLoadException>(_door.ReadAsync)).Message, StringComparison.Ordinal);
            }

            File.WriteAllBytes(_door.File(name), bytes);
        }
    }

    [Fact]
    public async Task EveryTruncation_IsRefused()
    {
        await _door.Trust().SignAsync();

        foreach (var name in new[] { "model.onnx", "model.onnx.sig" })
        {
            var bytes = File.ReadAllBytes(_door.File(name));
            for (var length = 0; length < bytes.Length - 1; length++)
            {
                File.WriteAllBytes(_door.File(name), bytes[..length]);
                await Assert.ThrowsAsync<ModelLoadException>(_door.ReadAsync);
            }

            File.WriteAllBytes(_door.File(name), bytes);
        }
    }
}
