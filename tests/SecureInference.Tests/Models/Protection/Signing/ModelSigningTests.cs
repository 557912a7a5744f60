using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>What is signed here, checked by readers that share nothing with it.</summary>
public sealed class ModelSigningTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly KeySigner _publisher = new();

    private string Signature => _folder.File("model.sig");

    public void Dispose()
    {
        _publisher.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("nistP256", null)]
    [InlineData("nistP384", null)]
    [InlineData("nistP521", 8L)]
    [InlineData("nistP256", 3L)]
    public async Task Folder_Signed_HoldsByTheSpecification(string curve, long? shardSize)
    {
        using var publisher = new KeySigner(ECCurve.CreateFromFriendlyName(curve));
        Write("model.onnx", "a model of thirty bytes, or so");
        Write("a-b", "1");
        Write("a/b", "22");
        Write("f:8:16", "a colon in a name");
        Write("\U0001F600", "above the basic plane");
        Write("\uFF5E", "below it, and behind surrogates");
        Write(".git/config", "left out");

        var digest = await publisher.SignModelAsync(_folder.Path, Signature, new ModelSigningOptions { ShardSize = shardSize }, TestContext.Current.CancellationToken);

        Assert.Equal(digest, SpecificationChecker.Check(_folder.Path, Signature, publisher.Key));
        using var trust = publisher.Trust;
        Assert.Equal(digest, (await VerifyAsync(_folder.Path, trust)).Manifest.RootDigest);
    }

    [Fact]
    public async Task File_Signed_IsCalledByItsName()
    {
        Write("model.onnx", "content");
        Write("other", "not signed");

        await _publisher.SignModelAsync(_folder.File("model.onnx"), Signature, cancellationToken: TestContext.Current.CancellationToken);

        SpecificationChecker.Check(_folder.Path, Signature, _publisher.Key);
        using var trust = _publisher.Trust;
        Assert.Equal("model.onnx", Assert.Single((await VerifyAsync(_folder.File("model.onnx"), trust)).Manifest.Files).Name);
    }

    [Theory]
    [InlineData("files", "sample_model_folder", null)]
    [InlineData("shards", "sample_model_folder_small_shards", 8L)]
    [InlineData("shards", "sample_model_folder", 1_000_000_000L)]
    public async Task Golden_ResourcesAreThose(string kind, string golden, long? shardSize)
    {
        var expected = File.ReadAllLines(OmsVectors.At("goldens", kind, golden));
        foreach (var number in Enumerable.Range(0, 4))
        {
            Write($"f{number}", $"This is file f{number} in root.");
        }

        foreach (var (folder, number) in Enumerable.Range(0, 2).SelectMany(static folder => Enumerable.Range(0, 3).Select(number => (folder, number))))
        {
            Write($"d{folder}/f{folder}{number}", $"This is file f{folder}{number} in d{folder}.");
        }

        await _publisher.SignModelAsync(_folder.Path, Signature, new ModelSigningOptions { ShardSize = shardSize }, TestContext.Current.CancellationToken);

        using var statement = JsonDocument.Parse(SignatureBundle.Parse(File.ReadAllBytes(Signature)).Payload);
        var resources = statement.RootElement.GetProperty("predicate").GetProperty("resources").EnumerateArray()
            .Select(static resource => $"{resource.GetProperty("name").GetString()}:{resource.GetProperty("digest").GetString()}");
        Assert.Equal(expected.Where(static line => line.Length != 0).Order(StringComparer.Ordinal), resources.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OpenSsl_ChecksTheSignatureOfTheEnvelope()
    {
        Write("model.onnx", "content");
        await _publisher.SignModelAsync(_folder.File("model.onnx"), Signature, cancellationToken: TestContext.Current.CancellationToken);
        var bundle = SignatureBundle.Parse(File.ReadAllBytes(Signature));
        File.WriteAllBytes(_folder.File("pae"), Forgery.Pae(Forgery.PayloadType, bundle.Payload));
        File.WriteAllBytes(_folder.File("der"), bundle.Signature);
        File.WriteAllText(_folder.File("pem"), _publisher.Pem);

        using var openssl = Start("openssl", "dgst", "-sha256", "-verify", _folder.File("pem"), "-signature", _folder.File("der"), _folder.File("pae"));
        Assert.SkipWhen(openssl is null, "There is no openssl on this machine.");
        await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, "Verified OK"), (openssl.ExitCode, (await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim()));
    }

    [Fact]
    public async Task Signer_ThatAnswersInAnotherForm_IsFoundOutBeforeAnythingIsWritten()
    {
        using var signer = new KeySigner(_publisher.Key) { Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation };
        Write("model.onnx", "content");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => signer.SignModelAsync(_folder.Path, Signature, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("in DER", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["model.onnx"], Directory.GetFiles(_folder.Path).Select(static file => Path.GetFileName(file)));
    }

    [Fact]
    public async Task Encrypted_IsNotSigned()
    {
        Write("model.onnx.age", "age-encryption.org/v1\n...");

        Assert.Contains("Sign the clear file", (await Assert.ThrowsAsync<InvalidOperationException>(() => _publisher.SignModelAsync(_folder.Path, Signature, cancellationToken: TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "is empty")]
    [InlineData("nothing", "no file to sign")]
    [InlineData("link", "symbolic link")]
    [InlineData("loop", "symbolic link")]
    [InlineData("dangling", "symbolic link")]
    [InlineData("pipe", "neither a file nor a folder")]
    public async Task Folder_WithWhatNoSignatureCovers_IsNotSigned(string what, string why)
    {
        Arrange(what);

        var options = new ModelSigningOptions { ShardSize = what == "empty" ? 8 : null };
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _publisher.SignModelAsync(_folder.Path, Signature, options, TestContext.Current.CancellationToken));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("changed", "is not the one that was signed")]
    [InlineData("missing", "is missing")]
    [InlineData("extra", "does not have the file 'extra'")]
    [InlineData("extra in .git", null)]
    [InlineData("extra in ignored", null)]
    [InlineData("link", "symbolic link")]
    [InlineData("loop", "symbolic link")]
    [InlineData("dangling", "symbolic link")]
    [InlineData("linked folder", "symbolic link")]
    [InlineData("pipe", "neither a file nor a folder")]
    public async Task Folder_ChangedSinceItWasSigned_IsRefused(string what, string? why)
    {
        Write("d/model.onnx", "content");
        Write("ignored/x", "x");
        await _publisher.SignModelAsync(_folder.Path, Signature, new ModelSigningOptions { IgnoredPaths = ["ignored"] }, TestContext.Current.CancellationToken);
        Arrange(what);
        using var trust = _publisher.Trust;

        var refused = await Record.ExceptionAsync(() => VerifyAsync(_folder.Path, trust));

        Assert.True(why is null ? refused is null : refused is SignatureRefusedException or FileRefusedException && refused.Message.Contains(why, StringComparison.Ordinal), refused?.Message);
    }

    private static Process? Start(string name, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private void Arrange(string what)
    {
        switch (what)
        {
            case "nothing":
                break;
            case "empty":
                Write("empty", "");
                break;
            case "changed":
                Write("d/model.onnx", "Content");
                break;
            case "missing":
                File.Delete(_folder.File("d/model.onnx"));
                break;
            case "extra" or "extra in .git" or "extra in ignored":
                Write(what switch { "extra" => "extra", "extra in .git" => ".git/extra", _ => "ignored/extra" }, "x");
                break;
            case "link":
                File.CreateSymbolicLink(_folder.File("link"), "/etc/hostname");
                break;
            case "loop":
                Directory.CreateSymbolicLink(_folder.File("loop"), _folder.Path);
                break;
            case "dangling":
                File.CreateSymbolicLink(_folder.File("dangling"), _folder.File("gone"));
                break;
            case "linked folder":
                Directory.Move(_folder.File("d"), _folder.File("ignored/d"));
                Directory.CreateSymbolicLink(_folder.File("d"), _folder.File("ignored/d"));
                break;
            default:
                Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes have names on Linux.");
                using (var made = Start("mkfifo", _folder.File("pipe")))
                {
                    made!.WaitForExit();
                }

                break;
        }
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }

    private Task<VerifiedSignature> VerifyAsync(string path, SignatureTrust trust) =>
        DiskVerification.VerifyAsync(path, Signature, trust, ignoreUnsigned: false, OmsVectors.Time, progress: null, TestContext.Current.CancellationToken);
}
