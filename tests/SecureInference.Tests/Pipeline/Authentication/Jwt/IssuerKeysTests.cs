using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

public sealed class IssuerKeysTests
{
    [Fact]
    public void Create_SharedSecret_IsNoKey()
    {
        var secret = new SymmetricSecurityKey(new byte[64]) { KeyId = "secret" };

        Assert.Throws<InvalidDataException>(() => Create(secret));
        Assert.Equal(1, Create(secret, Rsa("first")).Count);
        Assert.Null(Create(secret, Rsa("first")).Find("secret"));
    }

    [Fact]
    public void Create_ShortRsaKey_IsNoKey() =>
        Assert.Throws<InvalidDataException>(() => Create(new RsaSecurityKey(RSA.Create(1024)) { KeyId = "short" }));

    [Fact]
    public void Create_NoKeys_IsRefused() => Assert.Throws<InvalidDataException>(() => Create());

    [Fact]
    public void Find_KeyIds_AreCaseSensitive()
    {
        var keys = Create(Rsa("first"), Rsa("other"));

        Assert.Single(keys.Find("first")?.IssuerSigningKeys ?? []);
        Assert.Equal(2, keys.Find(null)?.IssuerSigningKeys.Count());
        Assert.Null(keys.Find("FIRST"));
        Assert.Null(keys.Find(""));
    }

    [Fact]
    public void Fingerprint_SameKeysInAnotherOrder_IsTheSame()
    {
        Assert.Equal(Create(Rsa("first"), Rsa("other")).Fingerprint, Create(Rsa("other"), Rsa("first")).Fingerprint);
        Assert.NotEqual(Create(Rsa("first")).Fingerprint, Create(Rsa("first"), Rsa("other")).Fingerprint);

        // The same name for another key.
        var renamed = Rsa("other");
        renamed.KeyId = "first";
        Assert.NotEqual(Create(Rsa("first")).Fingerprint, Create(renamed).Fingerprint);
    }

    private static IssuerKeys Create(params SecurityKey[] keys) =>
        IssuerKeys.Create(keys, static keys => new TokenValidationParameters { IssuerSigningKeys = keys });

    private static RsaSecurityKey Rsa(string id) => new(SigningKey.OfRsa(id).Rsa.ExportParameters(includePrivateParameters: false)) { KeyId = id };
}
