using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace SecureInference.Tool.Tests.Models;

/// <summary><c>model keygen</c>, <c>model sign</c> and <c>model verify</c>, as a publisher and an operator use them.</summary>
public sealed class SigningCommandTests : IDisposable
{
    private readonly ToolFixture _tool = new();

    private string Model => In("model.onnx");

    private string Signature => In("model.onnx.sig");

    private string Key => In("publisher.key");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Keygen_Signing_MakesAPairThatOnlyItsOwnerReads()
    {
        var answer = await MakeKeyAsync();

        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Key));
        Assert.Equal(256, key.KeySize);
        Assert.Equal(key.ExportSubjectPublicKeyInfoPem() + "\n", File.ReadAllText(Key + ".pub"));
        Assert.DoesNotContain("PRIVATE", answer.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
        }
    }

    [Fact]
    public async Task Keygen_FileIsThere_IsRefusedAndLeavesIt()
    {
        await MakeKeyAsync();
        var before = File.ReadAllText(Key);

        var answer = await _tool.RunAsync("model", "keygen", "--signing", "--output", Key);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("is there already", answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Key));
    }

    [Fact]
    public async Task Keygen_ForTwoThings_IsWrongUsage() => Assert.Equal(2, (await _tool.RunAsync("model", "keygen", "--signing", "--wrapping", "--output", Key)).ExitCode);

    [Theory]
    [InlineData("files")]
    [InlineData("shards")]
    public async Task Sign_ThenVerify_NamesDigestAndSigner(string method)
    {
        await MakeKeyAsync();
        File.WriteAllText(Model, "a model");

        var signed = await _tool.RunAsync("model", "sign", Model, "--private-key", Key, "--signature", Signature, "--method", method, "--shard-size", "3", "--json");
        var verified = await VerifyAsync("--json");

        Assert.Equal((0, 0), (signed.ExitCode, verified.ExitCode));
        using var made = JsonDocument.Parse(signed.Output);
        using var found = JsonDocument.Parse(verified.Output);
        Assert.Equal(made.RootElement.GetProperty("digest").GetString(), found.RootElement.GetProperty("digest").GetString());
        Assert.Equal("key " + made.RootElement.GetProperty("key").GetString(), found.RootElement.GetProperty("signer").GetString());
        Assert.Equal("model.onnx", Assert.Single(found.RootElement.GetProperty("files").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Sign_OnATerminal_ShowsNoMoreThanTheAnswer()
    {
        await MakeKeyAsync();
        File.WriteAllText(Model, "a model");

        var answer = await _tool.RunOnTerminalAsync(100, "model", "sign", Model, "--private-key", Key, "--signature", Signature);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Signed: 1 file", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_Folder_LeavesTheSignatureAndWhatIsIgnoredOut()
    {
        await MakeKeyAsync();
        var folder = Directory.CreateDirectory(In("m")).FullName;
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "a model");
        File.WriteAllText(Path.Combine(folder, "notes"), "notes");
        var signature = Path.Combine(folder, "model.sig");

        await _tool.RunAsync("model", "sign", folder, "--private-key", Key, "--signature", signature, "--ignore", "notes");
        File.WriteAllText(Path.Combine(folder, "notes"), "other notes");
        var verified = await _tool.RunAsync("model", "verify", folder, "--public-key", Key + ".pub", "--signature", signature);

        Assert.Equal(0, verified.ExitCode);
        File.WriteAllText(Path.Combine(folder, "extra"), "");
        verified = await _tool.RunAsync("model", "verify", folder, "--public-key", Key + ".pub", "--signature", signature);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("'extra'", verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Changed_Exits1AndSaysWhichFile()
    {
        await SignAsync();
        File.WriteAllText(Model, "A model");

        var answer = await VerifyAsync();

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("'model.onnx' is not the one that was signed", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NobodyTrusted_IsWrongUsage() => Assert.Equal(2, (await _tool.RunAsync("model", "verify", Model, "--signature", Signature)).ExitCode);

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.onnx.sig")]
    [InlineData("publisher.key.pub")]
    public async Task Verify_SomethingMissing_Exits3AndNamesIt(string missing)
    {
        await SignAsync();
        File.Delete(In(missing));

        var answer = await VerifyAsync();

        Assert.Equal(3, answer.ExitCode);
        Assert.Contains(missing, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_KeyThatOthersMayRead_IsRefusedWithTheRemedy()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights than modes.");
            return;
        }

        await MakeKeyAsync();
        File.WriteAllText(Model, "a model");
        File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var answer = await _tool.RunAsync("model", "sign", Model, "--private-key", Key, "--signature", Signature);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains($"chmod 400 {Key}", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Signature));
    }

    [Fact]
    public async Task Sign_WithoutAModel_Exits3()
    {
        await MakeKeyAsync();

        Assert.Equal(3, (await _tool.RunAsync("model", "sign", Model, "--private-key", Key, "--signature", Signature)).ExitCode);
    }

    [Fact]
    public async Task Sign_WithACertificate_VerifiesByItsRootAndName()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var root = request.CreateSelfSigned(ToolFixture.Start.AddYears(-1), ToolFixture.Start.AddYears(1));
        request = new CertificateRequest("CN=publisher", key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], critical: false));
        using var leaf = request.Create(root, ToolFixture.Start.AddDays(-1), ToolFixture.Start.AddDays(1), [1, 2, 3]);
        Write("publisher.key", key.ExportPkcs8PrivateKeyPem());
        Write("chain.pem", leaf.ExportCertificatePem());
        Write("roots.pem", root.ExportCertificatePem());
        File.WriteAllText(Model, "a model");

        var signed = await _tool.RunAsync("model", "sign", Model, "--private-key", Key, "--certificate-chain", In("chain.pem"), "--signature", Signature);
        var verified = await _tool.RunAsync("model", "verify", Model, "--trust-bundle", In("roots.pem"), "--signer", "CN=publisher", "--signature", Signature);
        var other = await _tool.RunAsync("model", "verify", Model, "--trust-bundle", In("roots.pem"), "--signer", "CN=other", "--signature", Signature);

        Assert.Equal((0, 0, 1), (signed.ExitCode, verified.ExitCode, other.ExitCode));
        Assert.Contains("certificate CN=publisher", verified.Output, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_tool.Folder, name);

    private void Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task<ToolAnswer> MakeKeyAsync()
    {
        var answer = await _tool.RunAsync("model", "keygen", "--signing", "--output", Key);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        return answer;
    }

    private async Task SignAsync()
    {
        await MakeKeyAsync();
        File.WriteAllText(Model, "a model");
        var answer = await _tool.RunAsync("model", "sign", Model, "--private-key", Key, "--signature", Signature);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
    }

    private Task<ToolAnswer> VerifyAsync(params string[] more) => _tool.RunAsync(["model", "verify", Model, "--public-key", Key + ".pub", "--signature", Signature, .. more]);
}
