using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.IntegrationTests.Certificates;

/// <summary>What happens to connections that are open when an authority or a certificate is taken back.</summary>
public sealed class TrustChangeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Infer_BundleIsReplacedWhileConnected_IsRefusedOnTheSameConnection(string version)
    {
        await using var app = await CertificateApp.StartAsync();
        using var other = TestAuthority.CreateRoot();
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = app.Connect(certificate, Version.Parse(version));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client));

        app.Write("ca.pem", other.Pem);

        await EchoApp.UntilAsync(async () => await AskAsync(client) == HttpStatusCode.Forbidden, Cancelled);
        app.Write("ca.pem", other.Pem + app.Root.Pem);
        await EchoApp.UntilAsync(async () => await AskAsync(client) == HttpStatusCode.OK, Cancelled);
    }

    [Fact]
    public async Task Infer_BundleIsReplacedWhileTheModelRuns_Returns403()
    {
        var gate = new TaskCompletionSource();
        await using var app = await CertificateApp.StartAsync(FakeModel.Gated(gate.Task));
        using var other = TestAuthority.CreateRoot();
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = app.Connect(certificate);
        using var second = app.Connect(certificate);
        using var content = EchoApp.Content();
        var pending = client.PostAsync(EchoApp.InferPath, content, Cancelled);
        await EchoApp.UntilAsync(() => Task.FromResult(app.Model.Runs == 1), Cancelled);

        app.Write("ca.pem", other.Pem);
        await EchoApp.UntilAsync(async () => await AskAsync(second) == HttpStatusCode.Forbidden, Cancelled);
        gate.SetResult();
        using var answer = await pending;

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("outputs", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_CertificateIsRevokedWhileConnected_IsRefusedAndOthersAreNot()
    {
        await using var app = await CertificateApp.StartAsync(prepare: static (app, settings) =>
        {
            settings["ClientCertificates:CertificateRevocationLists:0"] = app.PathOf("root.crl");
            app.Write("root.crl", app.Root.List());
        });
        using var certificate = app.Root.Issue(Leaf.Of(Leaf.Checkout));
        using var client = app.Connect(certificate);
        using var otherCertificate = app.Root.Issue(Leaf.Of("spiffe://prod/ns/shop/sa/other"));
        using var other = app.Connect(otherCertificate);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(other));

        app.Root.Revoke(certificate);
        app.Write("root.crl", app.Root.List());

        await EchoApp.UntilAsync(async () => await AskAsync(client) == HttpStatusCode.Forbidden, Cancelled);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(other));
    }

    [Fact]
    public async Task Start_BundleIsMissing_IsStopped()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => CertificateApp.StartAsync(prepare: static (_, settings) => settings["ClientCertificates:TrustBundle"] = "none.pem"));

        Assert.Contains("SecureInference:ClientCertificates:TrustBundle", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/v2", Cancelled);
        return answer.StatusCode;
    }
}
