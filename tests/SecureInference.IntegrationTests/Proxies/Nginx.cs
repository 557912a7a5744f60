using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Proxies;

/// <summary>A real NGINX that ends TLS before an app, configured by the text of the docs, as a process of its own on the loopback interface.</summary>
internal sealed partial class Nginx : IDisposable
{
    public const string Host = "serving.example.com";
    private readonly TestFolder _folder;
    private readonly X509Certificate2 _certificate;
    private readonly Process _process;
    private readonly int _port;

    private Nginx(TestFolder folder, X509Certificate2 certificate, Process process, int port)
    {
        _folder = folder;
        _certificate = certificate;
        _process = process;
        _port = port;
    }

    /// <summary>Gets where the program lies, or nothing where it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(static folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);

    /// <param name="app">Where requests go.</param>
    /// <param name="more">Lines that follow others of the docs' configuration.</param>
    public static async Task<Nginx> StartAsync(Uri app, params (string After, string Line)[] more)
    {
        // Another process may take the port between its choice and its use.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryStartAsync(app, more);
            }
            catch (IOException) when (attempt < 5)
            {
            }
        }
    }

    /// <summary>Sends requests from one of this machine's own addresses, and accepts the certificate of this NGINX alone.</summary>
    public HttpClient CreateClient(string source, X509Certificate2? certificate = null) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            await socket.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString(),
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        },
    })
    { BaseAddress = new Uri($"https://{Host}:{_port}") };

    public void Dispose()
    {
        Stop(_process);
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static async Task<Nginx> TryStartAsync(Uri app, (string After, string Line)[] more)
    {
        var folder = new TestFolder();
        var certificate = CreateCertificate(folder);
        var port = ChoosePort();
        await File.WriteAllTextAsync(folder.File("nginx.conf"), Configure(folder, app, port, more));
        var process = Process.Start(new ProcessStartInfo(Program!, ["-p", folder.Path, "-c", "nginx.conf", "-e", "stderr"]) { RedirectStandardError = true })!;
        var log = new StringBuilder();
        process.ErrorDataReceived += (_, line) => log.AppendLine(line.Data);
        process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(async () => process.HasExited || await IsListeningAsync(port), "NGINX listens");
        if (!process.HasExited)
        {
            return new Nginx(folder, certificate, process, port);
        }

        certificate.Dispose();
        folder.Dispose();
        throw new IOException($"NGINX has ended: {log}");
    }

    private static string Configure(TestFolder folder, Uri app, int port, (string After, string Line)[] more)
    {
        var docs = File.ReadAllText(Path.Combine(Checkout.Docs, "arrival.md"));
        var server = Snippet().Match(docs).Groups[1].Value;
        server = Replace(server, "listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;");
        server = Replace(server, "/etc/nginx/serving.pem", folder.File("serving.pem"));
        server = Replace(server, "/etc/nginx/serving.key", folder.File("serving.key"));
        server = Replace(server, "http://10.0.0.8:8080", $"http://{app.Authority}");
        server = more.Aggregate(server, static (text, line) => Replace(text, line.After, $"{line.After}\n{line.Line}"));
        var folders = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"{name}_temp_path {folder.File(name)};\n"));

        // One process, in the foreground: its id is all that must be ended.
        return $"daemon off;\nmaster_process off;\npid {folder.File("nginx.pid")};\nerror_log stderr warn;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{server}\n}}\n";
    }

    private static string Replace(string text, string from, string to)
    {
        Assert.Contains(from, text, StringComparison.Ordinal);
        return text.Replace(from, to, StringComparison.Ordinal);
    }

    private static X509Certificate2 CreateCertificate(TestFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var certificate = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder.File("serving.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("serving.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static int ChoosePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Stop(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
