using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Certificates;

/// <summary>Makes certificates and a revocation list with the commands of the docs.</summary>
public sealed partial class DocsTests
{
    public static bool HasNoOpenSsl => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "openssl")));

    [Fact(Skip = "openssl is not installed.", SkipWhen = nameof(HasNoOpenSsl))]
    public async Task Commands_OfTheDocs_MakeACertificateThatWorksUntilItIsRevoked()
    {
        using var folder = new TestFolder();
        var commands = Commands().Matches(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "client-certificates.md"), TestContext.Current.CancellationToken));
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

    private static async Task RunAsync(TestFolder folder, string commands)
    {
        var script = string.Join('\n', commands.Split('\n').Where(static line => !line.StartsWith("curl ", StringComparison.Ordinal)));
        using var process = Process.Start(new ProcessStartInfo("bash", ["-e", "-c", script]) { WorkingDirectory = folder.Path, RedirectStandardError = true });
        Assert.NotNull(process);
        var problem = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(EchoApp.Deadline, TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, problem);
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();
}
