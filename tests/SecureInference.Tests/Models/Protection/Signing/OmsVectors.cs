using SecureInference.Models.Protection.Signing;
using SecureInference.Tests.Architecture;

namespace SecureInference.Tests.Models.Protection.Signing;

/// <summary>The public vectors of OpenSSF Model Signing, where this machine has them.</summary>
internal static class OmsVectors
{
    public const string Missing = "The public vectors of OpenSSF Model Signing are not on this machine.";

    /// <summary>A day on which the certificates of the vectors are valid.</summary>
    public static readonly DateTimeOffset Time = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static string Root => Path.Combine(Repository.Root, "..", "shared", "vectors", "oms");

    public static bool AreMissing => !Directory.Exists(Root);

    public static string At(params string[] parts)
    {
        Assert.SkipWhen(AreMissing, Missing);
        return Path.Combine([Root, .. parts]);
    }

    public static SignatureTrust Key(bool allowLegacy = false) => new()
    {
        Keys = [TrustedKey.Parse(File.ReadAllText(At("keys", "signing-key-pub.pem")))],
        AllowLegacy = allowLegacy,
    };

    public static SignatureTrust Authority(bool allowLegacy = false) => new()
    {
        Certificates = new CertificateTrust().Add(File.ReadAllText(At("keys", "ca-cert.pem"))),
        AllowLegacy = allowLegacy,
    };
}
