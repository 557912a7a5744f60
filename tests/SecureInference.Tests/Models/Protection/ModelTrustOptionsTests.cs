namespace SecureInference.Tests.Models.Protection;

public sealed class ModelTrustOptionsTests
{
    [Fact]
    public void Problems_Default_None() => Assert.Empty(Sound().TrustProblems("m"));

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(true, null, true)]
    [InlineData(true, false, false)]
    public void MustBeSigned_AsSoonAsAKeyIsTrusted(bool hasKey, bool? require, bool expected)
    {
        var options = new ModelOptions { TrustedKeys = hasKey ? ["publisher.pem"] : [], RequireSignature = require };

        Assert.Equal(expected, options.MustBeSigned);
    }

    [Fact]
    public void Problems_SignatureRequiredOfNobody_SaysWhatToWrite() =>
        Assert.Contains("m:TrustedKeys", Only(new ModelOptions { RequireSignature = true }), StringComparison.Ordinal);

    [Fact]
    public void Problems_SignersWithoutAuthorities_SaysWhatToWrite() =>
        Assert.Contains("m:TrustedCertificates", Only(new ModelOptions { TrustedSigners = ["CN=a"] }), StringComparison.Ordinal);

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789")]
    public void Problems_PinThatIsNoDigest_SaysWhatToWrite(string digest) =>
        Assert.Contains("64 lower-case", Only(new ModelOptions { PinnedDigests = [digest] }), StringComparison.Ordinal);

    [Fact]
    public void Problems_EmptyKey_SaysWhatToWrite() => Assert.Contains("empty entry", Only(new ModelOptions { TrustedKeys = [" "] }), StringComparison.Ordinal);

    [Fact]
    public void Problems_UnknownFileModes_SaysWhatToWrite() => Assert.Contains("Enforce or Warn", Only(new ModelOptions { FileModes = (FileModeCheck)7 }), StringComparison.Ordinal);

    [Fact]
    public void AtContentRoot_RelativePaths_StartThere()
    {
        var options = new ModelOptions { Path = "m.onnx", TrustedKeys = ["k.pem", "/etc/k.pem"], TrustedCertificates = "ca.pem" }.AtContentRoot("/app");

        Assert.Equal(("/app/m.onnx", "/app/ca.pem"), (options.Path, options.TrustedCertificates));
        Assert.Equal(["/app/k.pem", "/etc/k.pem"], options.TrustedKeys);
    }

    private static ModelOptions Sound() => new() { Path = "m.onnx" };

    private static string Only(ModelOptions options) => Assert.Single(options.TrustProblems("m"));
}
