using SecureInference.Tests.Hosting;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class ClientCertificateOptionsTests
{
    private static readonly (string, string?)[] Good =
    [
        ("ClientCertificates:TrustBundle", "ca.pem"),
        ("ClientCertificates:AllowedSubjects:0", "spiffe://prod/ns/shop/sa/*"),
    ];

    [Theory]
    [InlineData("AllowedSubjects:0", "*.example", "ClientCertificates:AllowedSubjects is set, and ClientCertificates:TrustBundle is not. Name the PEM file")]
    [InlineData("Subjects:0:Subject", "a.example", "ClientCertificates:Subjects is set, and ClientCertificates:TrustBundle is not")]
    [InlineData("CertificateRevocationLists:0", "a.crl", "ClientCertificates:CertificateRevocationLists is set, and")]
    [InlineData("ForwardedHeader", "X-Forwarded-Client-Cert", "ClientCertificates:ForwardedHeader is set, and")]
    [InlineData("Scopes:0", "model:*:infer", "ClientCertificates:Scopes is set, and")]
    [InlineData("TrustBundle", "ca.pem", "nobody is allowed. List in ClientCertificates:AllowedSubjects")]
    [InlineData("PollInterval", "00:00:00", "ClientCertificates:PollInterval is 00:00:00")]
    [InlineData("MaxStaleness", "00:00:00.1", "ClientCertificates:MaxStaleness is 00:00:00.1")]
    [InlineData("TrustBundel", "ca.pem", "ClientCertificates:TrustBundel is not an option")]
    [InlineData("AllowedSubjects", "*.example", "ClientCertificates:AllowedSubjects is '*.example'. Write a list")]
    [InlineData("Subjects", "*.example", "ClientCertificates:Subjects is '*.example'")]
    [InlineData("Subjects:0", "*.example", "ClientCertificates:Subjects:0 is '*.example'. Write a section with: Subject, Scopes, Tier")]
    [InlineData("Subjects:0:Scope", "admin", "ClientCertificates:Subjects:0:Scope is not an option")]
    [InlineData("Subjects:0:Scopes", "admin", "ClientCertificates:Subjects:0:Scopes is 'admin'. Write a list")]
    public void Start_ClientCertificatesAlone_ProblemIsNamedAndAnswered(string key, string value, string expected) =>
        Assert.Contains(expected, Section.ProblemOf(("ClientCertificates:" + key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("AllowedSubjects:1", "prod/*", "ClientCertificates:AllowedSubjects:1 is 'prod/*', which is no subject. Write a SPIFFE id or a DNS name")]
    [InlineData("AllowedSubjects:1", "", "ClientCertificates:AllowedSubjects:1 is ''")]
    [InlineData("AllowedSubjects:1", "spiffe://test/ns/*", "several trust domains: prod, test")]
    [InlineData("Subjects:0:Subject", "spiffe://test/ns/*", "several trust domains: prod, test")]
    [InlineData("Subjects:0:Subject", "CN=a", "ClientCertificates:Subjects:0:Subject is 'CN=a'")]
    [InlineData("Subjects:0:Subject", "a.example", "ClientCertificates:Subjects:0:Scopes is empty. Write what these subjects may do")]
    [InlineData("Subjects:0:Scopes:0", "model:x", "ClientCertificates:Subjects:0:Scopes is wrong: 'model:x' is not a scope")]
    [InlineData("Subjects:0:Tier", "gold", "ClientCertificates:Subjects:0:Subject is ''")]
    [InlineData("Scopes:0", "everything", "ClientCertificates:Scopes is wrong: 'everything' is not a scope")]
    [InlineData("ForwardedHeader", "x cert", "ClientCertificates:ForwardedHeader is 'x cert', which is no header name")]
    [InlineData("ForwardedHeader", "", "ClientCertificates:ForwardedHeader is ''")]
    [InlineData("CertificateRevocationLists:0", "", "ClientCertificates:CertificateRevocationLists has an empty element")]
    public void Start_ClientCertificatesWithABundle_ProblemIsNamedAndAnswered(string key, string value, string expected) =>
        Assert.Contains(expected, Section.ProblemOf([.. Good, ("ClientCertificates:" + key, value)]), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "AllowedSubjects": null } }""", "nobody is allowed")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "AllowedSubjects": [] } }""", "nobody is allowed")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "AllowedSubjects": [ null ] } }""", "AllowedSubjects")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "Subjects": null } }""", "nobody is allowed")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "Subjects": [ null ] } }""", "Subject")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "AllowedSubjects": [ "a.example" ], "Scopes": [] } }""", "ClientCertificates:Scopes is empty")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "Subjects": [ { "Subject": "a.example", "Scopes": null } ] } }""", "Subjects:0:Scopes is empty")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": "ca.pem", "AllowedSubjects": [ "a.example" ], "CertificateRevocationLists": [ null ] } }""", "CertificateRevocationLists")]
    [InlineData("""{ "ClientCertificates": { "TrustBundle": null, "AllowedSubjects": [ "a.example" ] } }""", "ClientCertificates:TrustBundle is not")]
    public void Start_NullOrNothingInJson_IsNamedAndAnswered(string json, string expected) =>
        Assert.Contains(expected, Section.TryProblemOfJson(json) ?? "", StringComparison.Ordinal);

    [Fact]
    public void Start_EverythingIsSet_IsAccepted() => Assert.Null(Section.TryProblemOfJson(
        """
        { "ClientCertificates": {
            "TrustBundle": "ca.pem", "AllowedSubjects": [ "*.example", "spiffe://prod/a/*" ], "Scopes": [ "model:digits:infer" ],
            "Subjects": [ { "Subject": "spiffe://prod/b", "Scopes": [ "admin" ], "Tier": "gold" } ],
            "CertificateRevocationLists": [ "a.crl" ], "ForwardedHeader": "X-Forwarded-Client-Cert", "PollInterval": "00:00:01", "MaxStaleness": "00:10:00" } }
        """));
}
