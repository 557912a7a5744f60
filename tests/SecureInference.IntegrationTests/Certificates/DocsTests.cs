using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Certificates;

/// <summary>Makes certificates and a revocation list with the commands of the docs.</summary>
public sealed partial class DocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Checkout.Docs, "client-certificates.md"));

    public static bool HasNoOpenSsl => !Has("openssl");

    public static bool HasNoOpenSslOrCurl => HasNoOpenSsl || !Has("curl");

    [Fact(Skip = "openssl is not installed.", SkipWhen = nameof(HasNoOpenSsl))]
    public async Task Commands_OfTheDocs_MakeACertificateThatWorksUntilItIsRevoked()
    {
        using var folder = new TestFolder();
        var commands = Commands().Matches(Page);
        await RunAsync(folder, commands[0].Groups[1].Value);
        await using var app = await CertificateApp.StartAsync(prepare: (_, settings) => settings["ClientCertificates:TrustBundle"] = folder.File("ca.pem"));
        using var certificate = X509Certificate2.CreateFromPemFile(folder.File("checkout.pem"), folder.File("checkout.key"));
        using var client = app.Connect(certificate);

        Assert.Equal(HttpStatusCode.OK, await CertificateApp.InferAsync(client));

        await RunAsync(folder, commands[1].Groups[1].Value);
        await using var checking = await CertificateApp.StartAsync(prepare: (_, settings) =>
        {
            settings["ClientCertificates:TrustBundle"] = folder.File("ca.pem");
            settings["ClientCertificates:CertificateRevocationLists:0"] = folder.File("root.crl");
        });
        using var revoked = checking.Connect(certificate);

        Assert.Equal(HttpStatusCode.Forbidden, await CertificateApp.InferAsync(revoked));
        Assert.Contains("certificate_revoked", string.Join('\n', await checking.App.StopAndReadAuditAsync()), StringComparison.Ordinal);
    }

    [Fact(Skip = "openssl or curl is not installed.", SkipWhen = nameof(HasNoOpenSslOrCurl))]
    public async Task TryIt_OfTheDocs_IsServedByTheServerOfTheDocs()
    {
        using var folder = new TestFolder();
        using var audit = new TestFolder();
        await RunAsync(folder, Commands().Match(Page).Groups[1].Value);
        using var sample = await SampleProcess.StartAsync("Digits", "Development", SettingsOfTheDocs(folder, audit));
        var curl = Curl().Match(Page).Value.Replace("https://127.0.0.1:5443", sample.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

        var answer = await RunAsync(folder, curl);
        var status = await RunAsync(folder, curl.Replace("--cert checkout.pem --key checkout.key", "--silent --output /dev/null --write-out '%{http_code}'", StringComparison.Ordinal));

        Assert.Equal("https", sample.Address.Scheme);
        Assert.StartsWith("{\"name\":", answer, StringComparison.Ordinal);
        Assert.Equal("401", status);
    }

    /// <summary>The JSON of the docs as variables of a process, on a port that is free.</summary>
    private static Dictionary<string, string> SettingsOfTheDocs(TestFolder folder, TestFolder audit)
    {
        var json = Json().Matches(Page).Select(static block => block.Groups[1].Value).Single(static block => block.Contains("\"Kestrel\"", StringComparison.Ordinal));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var settings = new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable().Where(static setting => setting.Value is not null).ToDictionary(
            static setting => SampleProcess.ProcessVariable + setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value!.Replace("../pki", folder.Path, StringComparison.Ordinal).Replace(":5443", ":0", StringComparison.Ordinal));
        settings["Audit:Directory"] = audit.Path;
        return settings;
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(TestFolder folder, string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-e", "-c", script])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        });
        Assert.NotNull(process);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var problem = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(EchoApp.Deadline, TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, problem);
        return await output;
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("^curl .*$", RegexOptions.Multiline)]
    private static partial Regex Curl();
}
