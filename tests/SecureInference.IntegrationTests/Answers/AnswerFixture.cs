using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Answers;

/// <summary>An app behind TLS that takes every kind of credential, and good and bad credentials of each kind.</summary>
public sealed class AnswerFixture : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _foreign = TestAuthority.CreateRoot("foreign");
    private readonly FakeIssuer _issuer = new();
    private readonly X509Certificate2 _server;

    private AnswerFixture() =>
        _server = _root.Issue(new Leaf { DnsNames = ["localhost"], Purposes = [Leaf.ServerAuthentication] });

    public FakeModel Model { get; private set; } = FakeModel.Echo();

    public GuardedApp App { get; private set; } = null!;

    internal FakeIssuer Issuer => _issuer;

    public static async Task<AnswerFixture> StartAsync(FakeModel? model = null, IReadOnlyDictionary<string, string?>? more = null, Action<ModelOptions>? configure = null)
    {
        var fixture = new AnswerFixture { Model = model ?? FakeModel.Echo() };
        await File.WriteAllTextAsync(fixture._folder.File("ca.pem"), fixture._root.Pem);
        var settings = new Dictionary<string, string?>
        {
            ["Jwt:Issuers:0:Authority"] = fixture._issuer.Name,
            ["Jwt:Issuers:0:Audience"] = "inference",
            ["ClientCertificates:TrustBundle"] = fixture._folder.File("ca.pem"),
            ["ClientCertificates:Subjects:0:Subject"] = "spiffe://prod/infer",
            ["ClientCertificates:Subjects:0:Scopes:0"] = "model:*:infer",
            ["ClientCertificates:Subjects:1:Subject"] = "spiffe://prod/read",
            ["ClientCertificates:Subjects:1:Scopes:0"] = "model:fake:read",
            ["ClientCertificates:Subjects:2:Subject"] = "spiffe://prod/other",
            ["ClientCertificates:Subjects:2:Scopes:0"] = "model:other:infer",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string?>())
        {
            settings[name] = value;
        }

        fixture.App = await GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, fixture.Model, configure);
                guards.AddJwtBearer(configureHandler: (_, handler) => handler.BackchannelHttpHandler = fixture._issuer);
            },
            settings: settings,
            services: services => services.Configure<KestrelServerOptions>(
                kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(fixture._server))));
        return fixture;
    }

    /// <summary>A client that shows a good credential of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="right">What its owner may do: "infer", "read" (with the model only), or "other" (infer with another model).</param>
    public async Task<HttpClient> KnownAsync(CredentialKind kind, string right = "infer")
    {
        var scope = right switch { "infer" => "model:*:infer", "read" => "model:fake:read", _ => "model:other:infer" };
        return kind switch
        {
            CredentialKind.KeyHeader => WithKey(await AddKeyAsync(scope)),
            CredentialKind.KeyBearer => WithBearer(await AddKeyAsync(scope)),
            CredentialKind.Token => WithBearer(_issuer.Token(("scope", scope))),
            CredentialKind.Certificate => Connect(_root.Issue(Leaf.Of($"spiffe://prod/{right}"))),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>Clients whose credential of a kind is not accepted, by the reason.</summary>
    public IReadOnlyDictionary<string, HttpClient> Rejected(CredentialKind kind)
    {
        var past = TimeProvider.System.GetUtcNow().AddDays(-1);
        return kind switch
        {
            CredentialKind.KeyHeader => BadKeys(past).ToDictionary(static bad => bad.Key, bad => WithKey(bad.Value)),
            CredentialKind.KeyBearer => BadKeys(past).ToDictionary(static bad => bad.Key, bad => WithBearer(bad.Value)),
            CredentialKind.Token => new Dictionary<string, HttpClient>
            {
                ["unknown issuer"] = WithBearer(new FakeIssuer("https://unknown.test").Token()),
                ["malformed"] = WithBearer("a.b.c"),
                ["expired"] = WithBearer(_issuer.Token(("exp", past.ToUnixTimeSeconds()))),
                ["other audience"] = WithBearer(_issuer.Token(("aud", "partners"))),
            },
            CredentialKind.Certificate => new Dictionary<string, HttpClient>
            {
                ["other authority"] = Connect(_foreign.Issue(Leaf.Of("spiffe://prod/infer"))),
                ["expired"] = Connect(_root.Issue(Leaf.Of("spiffe://prod/infer") with { NotBefore = past.AddDays(-2), NotAfter = past })),
                ["subject that nobody allowed"] = Connect(_root.Issue(Leaf.Of("spiffe://prod/nobody"))),
                ["two names"] = Connect(_root.Issue(Leaf.Of("spiffe://prod/infer", "spiffe://prod/read"))),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>A good certificate as a proxy hands it on.</summary>
    public string ForwardedCertificate() => Uri.EscapeDataString(_root.Issue(Leaf.Of("spiffe://prod/infer")).ExportCertificatePem());

    /// <summary>A client without any credential, or with a certificate alone.</summary>
    public HttpClient Connect(X509Certificate2? certificate = null) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Equals(_server) == true,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        },
    })
    { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{App.Address.Port}")) };

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _server.Dispose();
        _root.Dispose();
        _foreign.Dispose();
        _issuer.Dispose();
        _folder.Dispose();
    }

    private Dictionary<string, string> BadKeys(DateTimeOffset past)
    {
        string[] scopes = ["model:*:infer"];
        var keys = new Dictionary<string, string>
        {
            ["unknown"] = TestKeys.Unknown(),
            ["malformed"] = "si_live_malformed",
            ["expired"] = TestKeys.Add(App.StorePath, "late", scopes, expires: past),
            ["revoked"] = TestKeys.Add(App.StorePath, "gone", scopes, revoked: past),
            ["suspended"] = TestKeys.Add(App.StorePath, "held", scopes, suspended: past),
            ["other network"] = TestKeys.Add(App.StorePath, "bound", scopes, networks: ["192.0.2.0/24"]),
        };
        keys["other secret"] = TestKeys.Unknown(keys["expired"].Split('_')[2]);
        return keys;
    }

    private Task<string> AddKeyAsync(string scope) => EchoApp.AddKeyAsync(App, "caller", [scope], Connect(), TestContext.Current.CancellationToken);

    private HttpClient WithKey(string key)
    {
        var client = Connect();
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-api-key", key);
        return client;
    }

    private HttpClient WithBearer(string token)
    {
        var client = Connect();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return client;
    }
}
