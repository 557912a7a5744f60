using System.Security.Claims;

namespace SecureInference.Tests.Abstractions;

public sealed class CallerTests
{
    [Fact]
    public void CreatePrincipal_TwoRequests_ShareNothingThatCanBeChanged()
    {
        var caller = Some.Caller();
        var first = caller.CreatePrincipal();

        ((ClaimsIdentity)first.Identity!).AddClaim(new Claim("scope", "admin"));
        first.AddIdentity(new ClaimsIdentity([new Claim("role", "root")], "mine"));

        var second = caller.CreatePrincipal();
        Assert.NotSame(first, second);
        Assert.Single(second.Identities);
        Assert.DoesNotContain(second.Claims, claim => claim.Value is "admin" or "root");
    }

    [Fact]
    public void CreatePrincipal_Caller_HasItsSubjectScopesAndKey()
    {
        var caller = new Caller("shop", "ApiKey", Some.Scopes("model:a:infer", "admin"), new CallerState("shop")) { CredentialId = "id1" };

        var principal = caller.CreatePrincipal();

        Assert.True(principal.Identity!.IsAuthenticated);
        Assert.Equal("shop", principal.Identity.Name);
        Assert.Equal("ApiKey", principal.Identity.AuthenticationType);
        Assert.Equal(["sub=shop", "scope=model:a:infer admin", "key_id=id1"], principal.Claims.Select(claim => $"{claim.Type}={claim.Value}"));
    }

    [Theory]
    [InlineData("", "ApiKey")]
    [InlineData("shop", "")]
    public void Create_WithoutSubjectOrMethod_Throws(string subject, string method) =>
        Assert.Throws<ArgumentException>(() => new Caller(subject, method, Some.Scopes(), new CallerState("shop")));
}
