using System.Security.Cryptography.X509Certificates;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Redis.Tests;

public sealed class TlsTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Take_OverTls_Works()
    {
        using var folder = new TestFolder();
        await using var server = await StartAsync(folder, "localhost");
        await using var node = await Node.StartAsync(
            $"localhost:{server.Port},ssl=true", options => options.AuthorityFile = folder.File("ca.pem"));

        Assert.Equal(SharedOutcome.Taken, await node.TakeAsync("alice", Some.Bucket(10)));
    }

    [Theory(Skip = Missing, SkipWhen = nameof(IsMissing))]
    [InlineData("localhost", false)] // Of an authority that is not trusted.
    [InlineData("redis.example.com", true)] // Of another host.
    public async Task Connect_CertificateIsNotRedis_IsRefused(string host, bool isAuthorityTrusted)
    {
        using var folder = new TestFolder();
        await using var server = await StartAsync(folder, host);
        await using var node = await Node.StartAsync(
            $"localhost:{server.Port},ssl=true,checkCertificateRevocation=false",
            options => options.AuthorityFile = isAuthorityTrusted ? folder.File("ca.pem") : null,
            mustConnect: false);

        await Eventually.IsTrueAsync(
            () => node.Log.Entries.Any(static entry => entry.Message.Contains("(authentication)", StringComparison.Ordinal)), "it is said");

        Assert.Equal(SharedOutcome.Local, await node.TakeAsync("alice", Some.Bucket(10)));
    }

    private static Task<RedisServer> StartAsync(TestFolder folder, string host)
    {
        using var authority = TestAuthority.CreateRoot();
        using var certificate = authority.Issue(Leaf.OfHost(host) with { Purposes = [Leaf.ServerAuthentication] });
        using var key = certificate.GetECDsaPrivateKey();
        File.WriteAllText(folder.File("ca.pem"), authority.Pem);
        File.WriteAllText(folder.File("redis.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("redis.key"), key!.ExportPkcs8PrivateKeyPem());
        return RedisServer.StartAsync(
            "--tls-port", "PORT", "--tls-cert-file", folder.File("redis.pem"), "--tls-key-file", folder.File("redis.key"), "--tls-ca-cert-file", folder.File("ca.pem"), "--tls-auth-clients", "no");
    }
}
