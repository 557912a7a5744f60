using System.Net;
using System.Net.Security;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Certificates;

/// <summary>A guarded app behind TLS that asks for client certificates, with its own authorities.</summary>
internal sealed class CertificateApp : IAsyncDisposable
{
    private readonly TestFolder _folder = new();

    private CertificateApp()
    {
        Intermediate = Root.CreateIntermediate();
        Server = Root.Issue(new Leaf { DnsNames = ["localhost"], Purposes = [Leaf.ServerAuthentication] });
        Write("ca.pem", Root.Pem);
    }

    /// <summary>The server's own certificate.</summary>
    public X509Certificate2 Server { get; }

    public TestAuthority Root { get; } = TestAuthority.CreateRoot();

    public TestAuthority Intermediate { get; }

    public FakeModel Model { get; private set; } = FakeModel.Echo();

    public GuardedApp App { get; private set; } = null!;

    public Uri Address => new($"https://localhost:{App.Address.Port}");

    public static async Task<CertificateApp> StartAsync(
        FakeModel? model = null,
        Action<CertificateApp, Dictionary<string, string?>>? prepare = null,
        Action<CertificateApp, KestrelServerOptions>? kestrel = null,
        string environment = "Development",
        Action<IServiceCollection>? add = null)
    {
        var app = new CertificateApp { Model = model ?? FakeModel.Echo() };
        try
        {
            var settings = new Dictionary<string, string?>
            {
                ["ClientCertificates:TrustBundle"] = app.PathOf("ca.pem"),
                ["ClientCertificates:AllowedSubjects:0"] = "spiffe://prod/ns/shop/sa/*",
                ["ClientCertificates:PollInterval"] = "00:00:00.05",
            };
            prepare?.Invoke(app, settings);
            app.App = await GuardedApp.StartAsync(
                guards => EchoApp.Add(guards, app.Model),
                use: static web =>
                {
                    web.UseSecureInference();
                    web.MapSecureInference();
                    web.MapGet("/own", static (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
                },
                settings: settings,
                services: services =>
                {
                    services.AddAuthorization().Configure<KestrelServerOptions>(options => (kestrel ?? Listen)(app, options));
                    add?.Invoke(services);
                },
                environment: environment);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public string PathOf(string name) => _folder.File(name);

    public void Write(string name, string text)
    {
        File.WriteAllText(PathOf(name) + ".new", text);
        File.Move(PathOf(name) + ".new", PathOf(name), overwrite: true);
    }

    public void Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name) + ".new", bytes);
        File.Move(PathOf(name) + ".new", PathOf(name), overwrite: true);
    }

    /// <summary>Connects with a certificate, and with nothing of its chain but what is given.</summary>
    public HttpClient Connect(X509Certificate2? certificate, Version? version = null, params X509Certificate2[] sent)
    {
        var handler = new SocketsHttpHandler
        {
            // One connection for the life of the client: what happens to it is what the tests are about.
            MaxConnectionsPerServer = 1,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Equals(Server) == true,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, [.. sent], offline: true),
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = Address,
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public static async Task<HttpStatusCode> InferAsync(HttpClient client)
    {
        using var content = EchoApp.Content();
        using var answer = await client.PostAsync(EchoApp.InferPath, content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
        {
            await App.DisposeAsync();
        }

        Server.Dispose();
        Intermediate.Dispose();
        Root.Dispose();
        _folder.Dispose();
    }

    private static void Listen(CertificateApp app, KestrelServerOptions options) =>
        options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(app.Server));
}
