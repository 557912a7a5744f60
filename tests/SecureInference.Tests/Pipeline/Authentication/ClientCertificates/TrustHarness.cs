using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.Pipeline.Authentication.Revocations;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

/// <summary>A root, an intermediate below it, and a trust bundle in a folder of its own; a test moves the clock.</summary>
internal sealed class TrustHarness : IDisposable
{
    private ClientTrustStore? _store;
    private ClientCertificateReader? _reader;
    private RevocationStore? _revoked;

    public TrustHarness()
    {
        Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        Root = TestAuthority.CreateRoot(now: Time.GetUtcNow());
        Intermediate = Root.CreateIntermediate();
        Write("ca.pem", Root.Pem);
    }

    public TestFolder Folder { get; } = new();

    public CollectedLog Log { get; } = new();

    public FakeTimeProvider Time { get; }

    public TestAuthority Root { get; }

    public TestAuthority Intermediate { get; }

    public ClientCertificateOptions Options { get; } = new() { TrustBundle = "ca.pem", AllowedSubjects = ["spiffe://prod/ns/shop/sa/*"] };

    public RevocationOptions Revocations { get; } = new();

    public ClientTrustStore Store => _store ?? throw new InvalidOperationException("Nothing was opened.");

    public ClientCertificateReader Reader => _reader ?? throw new InvalidOperationException("Nothing was opened.");

    public SentCertificates Sent { get; } = new();

    /// <summary>Opens the files as a start does.</summary>
    public async Task OpenAsync()
    {
        Assert.Empty(Options.Problems());
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        var host = new HostEnvironment(Folder.Path);
        var telemetry = Some.LoggingPart<AuthenticationTelemetry>(Log);
        _revoked = new RevocationStore(Microsoft.Extensions.Options.Options.Create(Revocations), host, telemetry, Time);
        _store = new ClientTrustStore(options, _revoked, host, telemetry, Time);
        _reader = new ClientCertificateReader(_store, new CertificateJudge(_store, options, new CallerStates(), Time), Sent, new NoProxies(), options, Time);
        await _revoked.CheckAsync(TestContext.Current.CancellationToken);
        await _store.CheckAsync(TestContext.Current.CancellationToken);
    }

    public static HttpContext Request(X509Certificate2? certificate, bool byProxy = false)
    {
        var http = new DefaultHttpContext();
        http.Connection.ClientCertificate = certificate;
        InferenceContext.Get(http).CameByKnownProxy = byProxy;
        return http;
    }

    public Recognition Read(X509Certificate2 certificate, params X509Certificate2[] sent)
    {
        if (sent.Length != 0)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.ExtraStore.AddRange(sent);
            Sent.Keep(certificate, chain);
        }

        return Reader.Read(Request(certificate));
    }

    /// <summary>Judges a certificate that the root has issued.</summary>
    public string? ReasonOf(Leaf leaf) => ReasonOf(Root.Issue(leaf));

    public string? ReasonOf(X509Certificate2 certificate, params X509Certificate2[] sent)
    {
        var found = Read(certificate, sent);
        Assert.True(found.Error is null || (found.Error.Status == 403 && found.Error.Detail == "The client certificate is not accepted."));
        Assert.Equal(found.Error is null, found.Caller is not null);
        return found.Error?.Reason;
    }

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        var whole = Folder.File(name) + ".whole";
        File.WriteAllBytes(whole, bytes);
        File.Move(whole, Folder.File(name), overwrite: true);
    }

    /// <summary>Lets the store look at its files.</summary>
    public void Poll()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(SpinWait.SpinUntil(() => !Store.IsReading && _revoked?.IsReading != true, TimeSpan.FromSeconds(30)));
    }

    public void Dispose()
    {
        _store?.Dispose();
        _revoked?.Dispose();
        Intermediate.Dispose();
        Root.Dispose();
        Folder.Dispose();
    }

    private sealed class NoProxies : IKnownProxies
    {
        public bool Brought(HttpContext http) => false;
    }

    private sealed class HostEnvironment(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
