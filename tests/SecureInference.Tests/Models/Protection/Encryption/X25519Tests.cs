using Org.BouncyCastle.Math.EC.Rfc7748;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>The library's key agreement, by the vectors of RFC 7748.</summary>
public sealed class X25519Tests
{
    [Theory]
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void ScalarMult_VectorsOfSection52_AreMet(string scalar, string point, string expected)
    {
        var result = new byte[X25519Key.Size];

        X25519.ScalarMult(Convert.FromHexString(scalar), Convert.FromHexString(point), result);

        Assert.Equal(expected, Convert.ToHexStringLower(result));
    }

    [Fact]
    public void ScalarMult_ThousandTimes_IsWhatSection52Says()
    {
        var scalar = Convert.FromHexString("0900000000000000000000000000000000000000000000000000000000000000");
        var point = scalar;

        for (var round = 0; round < 1000; round++)
        {
            var result = new byte[X25519Key.Size];
            X25519.ScalarMult(scalar, point, result);
            (scalar, point) = (result, scalar);
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(scalar));
    }

    [Theory]
    [InlineData("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")]
    [InlineData("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")]
    public void Agreement_BothSidesOfSection61_MakeTheSameSecret(string secret, string own, string other)
    {
        var shared = new byte[X25519Key.Size];

        Assert.Equal(own, Convert.ToHexStringLower(X25519Key.PublicOf(Convert.FromHexString(secret))));
        Assert.True(X25519.CalculateAgreement(Convert.FromHexString(secret), Convert.FromHexString(other), shared));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(shared));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    public void TryDerive_PointOfSmallOrder_IsRefused(string point)
    {
        var bytes = Convert.FromHexString(point);

        var derived = X25519Key.TryDerive(Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"), bytes, bytes, bytes, new byte[32]);

        Assert.False(derived);
    }
}
