using System.Text;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tests.Models.Protection.Signing;

public sealed class OmsVectorTests
{
    private const string Folder = "61d4849d9d90076d6215f4d525f13d6574af8e3f67aef3e6f36fc40a14fdd226";
    private const string OneFile = "afa48c8674afe334b8a7dea34f7b46ab256e9255edf8da2132792341b667a45b";
    private const string TwoFiles = "92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4";

    [Theory]
    [InlineData("v0.3.1-elliptic-key", "signme-1", false, OneFile)]
    [InlineData("v1.0.0-elliptic-key", "signme-1", false, OneFile)]
    [InlineData("v1.0.1-elliptic-key", "", true, TwoFiles)]
    [InlineData("v1.1.0-elliptic-key", "", false, TwoFiles)]
    public async Task Key_EveryWriter_Verifies(string model, string file, bool ignoreUnsigned, string root)
    {
        using var trust = OmsVectors.Key();

        var verified = await VerifyAsync(model, file, trust, ignoreUnsigned);

        Assert.Equal(root, verified.Manifest.RootDigest);
        Assert.StartsWith("key e8450dec", verified.Signer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v0.3.1-certificate", false)]
    [InlineData("v1.0.0-certificate", false)]
    [InlineData("v1.0.1-certificate", true)]
    [InlineData("v1.1.0-certificate", false)]
    public async Task Certificate_EveryWriter_Verifies(string model, bool ignoreUnsigned)
    {
        using var trust = OmsVectors.Authority();

        var verified = await VerifyAsync(model, "", trust, ignoreUnsigned);

        Assert.Equal(Folder, verified.Manifest.RootDigest);
        Assert.StartsWith("certificate CN=intermediate-ca (sha256:", verified.Signer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1.0.1-elliptic-key")]
    [InlineData("v1.0.1-certificate")]
    public async Task Folder_WithAFileThatIsNotSigned_IsRefusedAndNamesIt(string model)
    {
        using var trust = model.EndsWith("key", StringComparison.Ordinal) ? OmsVectors.Key() : OmsVectors.Authority();

        var refused = await Assert.ThrowsAsync<SignatureRefusedException>(() => VerifyAsync(model, "", trust));

        Assert.Contains("'ignore-me'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v0.3.1-sigstore")]
    [InlineData("v1.0.0-sigstore")]
    [InlineData("v1.0.1-sigstore")]
    [InlineData("v1.1.0-sigstore")]
    public async Task Sigstore_IsRefusedWithItsOwnMessage(string model)
    {
        using var trust = OmsVectors.Authority();

        var refused = await Assert.ThrowsAsync<SignatureRefusedException>(() => VerifyAsync(model, "", trust, ignoreUnsigned: true));

        Assert.Contains("sigstore", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Legacy_WithoutTheFlag_IsRefusedAndNamesTheFlag()
    {
        using var trust = OmsVectors.Authority();

        var refused = await Assert.ThrowsAsync<SignatureRefusedException>(() => VerifyAsync("v0.2.0-certificate", "", trust));

        Assert.Contains("AllowLegacySignatures", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Legacy_WithTheFlag_Verifies()
    {
        using var trust = OmsVectors.Authority(allowLegacy: true);

        var verified = await VerifyAsync("v0.2.0-certificate", "", trust);

        Assert.Equal(["signme-1", "signme-2"], verified.Manifest.Files.Select(static file => file.Name));
        Assert.Null(verified.Manifest.Name);
    }

    [Theory]
    [InlineData("valid/key")]
    [InlineData("valid/certificate")]
    [InlineData("valid/sigstore")]
    [InlineData("invalid-payload/wrong-predicate")]
    public void Bundle_Valid_IsRead(string name) => Assert.NotEmpty(SignatureBundle.Parse(ReadBundle(name)).Payload);

    [Theory]
    [InlineData("invalid/empty")]
    [InlineData("invalid/missing-envelope")]
    [InlineData("invalid/missing-verification-material")]
    public void Bundle_Invalid_IsRefused(string name) => Assert.Throws<SignatureRefusedException>(() => SignatureBundle.Parse(ReadBundle(name)));

    [Fact]
    public void Bundle_WithoutLogEntries_IsRefusedAsKeyless()
    {
        using var trust = OmsVectors.Key();

        var refused = Assert.Throws<SignatureRefusedException>(() => SignatureVerifier.Verify(SignatureBundle.Parse(ReadBundle("invalid/missing-tlog-entries")), trust, OmsVectors.Time));

        Assert.Contains("sigstore", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Payload_OfAnotherPredicate_IsRefused()
    {
        var payload = SignatureBundle.Parse(ReadBundle("invalid-payload/wrong-predicate")).Payload;

        Assert.Contains("predicateType", Assert.Throws<SignatureRefusedException>(() => StatementReader.Read(payload, isLegacy: false)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sample_model_file", "")]
    [InlineData("sample_model_folder", "143cc682")]
    [InlineData("sample_model_folder_small_shards", "")]
    [InlineData("deep_model_folder_small_shards", "")]
    [InlineData("deep_model_folder_shard", "")]
    [InlineData("sample_model_file_small_shards", "")]
    [InlineData("model_folder_with_empty_file", "")]
    public void Golden_Statement_IsReadAndItsRootDigestAgrees(string name, string root)
    {
        var golden = File.ReadAllText(OmsVectors.At("goldens", "statements", name));

        Assert.Contains("symbolic links", Assert.Throws<SignatureRefusedException>(() => Read(golden)).Message, StringComparison.Ordinal);
        var manifest = Read(golden.Replace("\"allow_symlinks\": true", "\"allow_symlinks\": false", StringComparison.Ordinal));

        Assert.Contains(manifest.RootDigest, golden, StringComparison.Ordinal);
        Assert.StartsWith(root, manifest.RootDigest, StringComparison.Ordinal);
    }

    private static SignedManifest Read(string statement) => StatementReader.Read(Encoding.UTF8.GetBytes(statement), isLegacy: false);

    private static byte[] ReadBundle(string name) => File.ReadAllBytes(OmsVectors.At("bundles", name + ".bundle.json"));

    private static Task<VerifiedSignature> VerifyAsync(string model, string file, SignatureTrust trust, bool ignoreUnsigned = false) => DiskVerification.VerifyAsync(
        OmsVectors.At("signed-models", model, file),
        OmsVectors.At("signed-models", model, "model.sig"),
        trust,
        ignoreUnsigned,
        OmsVectors.Time,
        progress: null,
        TestContext.Current.CancellationToken);
}
