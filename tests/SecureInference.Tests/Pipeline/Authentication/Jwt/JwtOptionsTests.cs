using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.Tests.Hosting;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

public sealed class JwtOptionsTests
{
    [Theory]
    [InlineData("Jwt:Issuer", "x", "Jwt:Issuer is not an option of this version. Jwt knows: Issuers,")]
    [InlineData("Jwt:Issuers:0:Audienc", "x", "Jwt:Issuers:0:Audienc is not an option of this version. Jwt:Issuers:0 knows: Authority, Issuer, Audience,")]
    [InlineData("Jwt:Issuers:0", "https://x", "Jwt:Issuers:0 is 'https://x'")]
    [InlineData("Jwt:Issuers", "https://x", "Jwt:Issuers is 'https://x'")]
    [InlineData("Jwt", "on", "Jwt is 'on'")]
    [InlineData("Jwt:Issuers:0:Algorithms", "RS256", "Jwt:Issuers:0:Algorithms is 'RS256'. Write a list")]
    [InlineData("Jwt:Issuers:0:RequireCertificateBinding", "yes", "RequireCertificateBinding is 'yes'. Write true or false.")]
    [InlineData("Jwt:ClockSkew", "30", "Jwt:ClockSkew is '30'")]
    [InlineData("Jwt:ClockSkew", "00:10:00", "Jwt:ClockSkew is 00:10:00")]
    [InlineData("Jwt:ClockSkew", "-00:00:01", "Jwt:ClockSkew is -00:00:01")]
    [InlineData("Jwt:TokenCacheSize", "-1", "Jwt:TokenCacheSize is -1")]
    [InlineData("Jwt:TokenCacheLifetime", "00:05:01", "Jwt:TokenCacheLifetime is 00:05:01")]
    [InlineData("Jwt:TokenCacheLifetime", "00:00:00", "set Jwt:TokenCacheSize to 0")]
    [InlineData("Jwt:MaxTokenLength", "100", "Jwt:MaxTokenLength is 100")]
    [InlineData("Jwt:MaxTokenLength", "100000", "Jwt:MaxTokenLength is 100000")]
    [InlineData("Revocations:Path", "x", "Revocations:Path is not an option")]
    [InlineData("Revocations:File", " ", "Revocations:File is empty")]
    [InlineData("Revocations:PollInterval", "00:00:00", "Revocations:PollInterval is 00:00:00")]
    [InlineData("Revocations:MaxStaleness", "00:00:00.1", "Revocations:MaxStaleness is 00:00:00.1")]
    [InlineData("Revocations:MaxStaleness", "31.00:00:00", "Revocations:MaxStaleness is 31.00:00:00")]
    public void Start_WrongSetting_IsNamed(string key, string value, string expected) =>
        Assert.Contains(expected, Section.ProblemOf((key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Authority", null, "Authority is ''. Write the https address")]
    [InlineData("Authority", "http://login.example.com", "Authority is 'http://login.example.com'")]
    [InlineData("Authority", "http://127.0.0.1.example.com", "Authority is 'http://127.0.0.1.example.com'")]
    [InlineData("Authority", "http://localhost.example.com", "Authority is 'http://localhost.example.com'")]
    [InlineData("Authority", "login.example.com", "Authority is 'login.example.com'")]
    [InlineData("Authority", "file:///etc/passwd", "Authority is 'file:///etc/passwd'")]
    [InlineData("Authority", "https://x.test?y=1", "Authority has more than an address")]
    [InlineData("Authority", "https://me:secret@x.test", "Authority has more than an address")]
    [InlineData("Issuer", "a|b", "Issuer is 'a|b'")]
    [InlineData("Audience", null, "Jwt:Issuers:0:Audience is missing")]
    [InlineData("Audience", "", "Jwt:Issuers:0:Audience is missing")]
    [InlineData("Audiences:0", " ", "Jwt:Issuers:0:Audience is missing")]
    [InlineData("Algorithms:0", "HS256", "Algorithms has 'HS256'")]
    [InlineData("Algorithms:0", "none", "Algorithms has 'none'")]
    [InlineData("Algorithms:0", "rs256", "Algorithms has 'rs256'")]
    [InlineData("Algorithms:0", "", "Algorithms has ''")]
    public void Start_WrongIssuer_IsNamed(string key, string? value, string expected)
    {
        var settings = new Dictionary<string, string?> { ["Authority"] = "https://login.example.com", ["Audience"] = "inference", [key] = value };

        Assert.Contains(expected, Section.ProblemOf([.. settings.Select(static setting => ($"Jwt:Issuers:0:{setting.Key}", setting.Value))]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.example.com/")]
    [InlineData("https://login.example.com")]
    public void Start_IssuerTwice_IsNamed(string second) => Assert.Contains(
        "Jwt:Issuers has 'https://login.example.com' more than once",
        Section.ProblemOf(
            ("Jwt:Issuers:0:Authority", "https://login.example.com"),
            ("Jwt:Issuers:0:Audience", "a"),
            ("Jwt:Issuers:1:Authority", second),
            ("Jwt:Issuers:1:Audience", "b")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("https://login.example.com")]
    [InlineData("https://login.example.com/tenant/v2.0/")]
    [InlineData("http://127.0.0.1:5001")]
    [InlineData("http://[::1]:5001")]
    [InlineData("http://localhost:5001")]
    public void Start_IssuerAsMeant_Passes(string authority) => Assert.Null(Section.TryProblemOf(
        ("Jwt:Issuers:0:Authority", authority),
        ("Jwt:Issuers:0:Audiences:0", "a"),
        ("Jwt:Issuers:0:Algorithms:0", "ES256"),
        ("Jwt:Issuers:0:Tier", "gold"),
        ("Revocations:File", "revoked.json")));

    [Fact]
    public void Problems_EmptyIssuer_IsNamed()
    {
        var options = new JwtOptions { Issuers = [null!] };

        Assert.Contains("Jwt:Issuers:0 is empty", Assert.Single(options.Problems()), StringComparison.Ordinal);
    }
}
