using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.TestSupport.Certificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class ClientTrustStoreTests : IDisposable
{
    private readonly TrustHarness _harness = new();
    private readonly TestAuthority _other = TestAuthority.CreateRoot("other");

    public void Dispose()
    {
        _other.Dispose();
        _harness.Dispose();
    }

    [Fact]
    public async Task TryGet_NothingHasChanged_IsTheSame()
    {
        _harness.Options.CertificateRevocationLists = ["root.crl"];
        _harness.Write("root.crl", _harness.Root.List());
        await _harness.OpenAsync();

        Assert.True(_harness.Store.TryGet(out var first));
        _harness.Poll();

        Assert.True(_harness.Store.TryGet(out var second));
        Assert.Same(first, second);
    }

    [Fact]
    public async Task Bundle_IsReplaced_JudgesOpenConnectionsAnew()
    {
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var found = _harness.Read(certificate);
        Assert.NotNull(found.Caller);

        _harness.Write("ca.pem", _other.Pem);
        _harness.Poll();

        Assert.Equal("certificate_untrusted", found.Check?.Recheck(found.Caller)?.Reason);
        Assert.Equal("certificate_untrusted", _harness.ReasonOf(certificate));

        _harness.Write("ca.pem", _other.Pem + _harness.Root.Pem);
        _harness.Poll();

        Assert.Null(_harness.ReasonOf(certificate));
        Assert.Null(found.Check?.Recheck(found.Caller));
    }

    [Fact]
    public async Task Bundle_BehindASymbolicLinkThatIsSwapped_IsReadAgain()
    {
        foreach (var (name, authority) in new[] { ("v1", _harness.Root), ("v2", _other) })
        {
            Directory.CreateDirectory(_harness.Folder.File(name));
            _harness.Write(name + "/ca.pem", authority.Pem);
        }

        Directory.CreateSymbolicLink(_harness.Folder.File("data"), "v1");
        File.Delete(_harness.Folder.File("ca.pem"));
        File.CreateSymbolicLink(_harness.Folder.File("ca.pem"), "data/ca.pem");
        await _harness.OpenAsync();
        Assert.Null(_harness.ReasonOf(Leaf.Of(Leaf.Checkout)));

        // As Kubernetes does it: no event in the folder of the file.
        File.Delete(_harness.Folder.File("data"));
        Directory.CreateSymbolicLink(_harness.Folder.File("data"), "v2");
        _harness.Poll();

        Assert.Equal("certificate_untrusted", _harness.ReasonOf(Leaf.Of(Leaf.Checkout)));
        Assert.Null(_harness.ReasonOf(_other.Issue(Leaf.Of(Leaf.Checkout))));
    }

    [Theory]
    [InlineData("broken")]
    [InlineData(null)]
    public async Task Bundle_CannotBeRead_LastGoodOneStaysUntilItIsTooOld(string? text)
    {
        await _harness.OpenAsync();
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));
        var found = _harness.Read(certificate);
        Assert.NotNull(found.Caller);

        if (text is null)
        {
            File.Delete(_harness.Folder.File("ca.pem"));
        }
        else
        {
            _harness.Write("ca.pem", text);
        }

        _harness.Poll();
        Assert.Null(_harness.ReasonOf(certificate));
        Assert.Contains("trust bundle", _harness.Store.FindDegradation(), StringComparison.Ordinal);

        _harness.Time.Advance(TimeSpan.FromHours(1));
        _harness.Poll();
        Assert.Equal(503, _harness.Read(certificate).Error?.Status);
        Assert.Equal(503, found.Check?.Recheck(found.Caller)?.Status);
        Assert.Equal(503, _harness.Store.Find()?.Status);

        _harness.Write("ca.pem", _harness.Root.Pem);
        _harness.Poll();
        Assert.Null(_harness.ReasonOf(certificate));
        Assert.Null(_harness.Store.FindDegradation());
    }

    [Theory]
    [InlineData(null, "does not exist. Set SecureInference:ClientCertificates:TrustBundle")]
    [InlineData("broken", "has no root")]
    public async Task Check_BundleIsMissingOrBroken_StopsTheStart(string? text, string expected)
    {
        File.Delete(_harness.Folder.File("ca.pem"));
        if (text is not null)
        {
            _harness.Write("ca.pem", text);
        }

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(_harness.OpenAsync);

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_NothingIsConfigured_AsksForNothing()
    {
        _harness.Options.TrustBundle = null;
        _harness.Options.AllowedSubjects = [];
        await _harness.OpenAsync();
        var https = new Microsoft.AspNetCore.Server.Kestrel.Https.HttpsConnectionAdapterOptions();
        new ClientCertificateHttps(_harness.Store, _harness.Sent).Configure(https);
        using var certificate = _harness.Root.Issue(Leaf.Of(Leaf.Checkout));

        var found = _harness.Read(certificate);

        Assert.Equal(Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.NoCertificate, https.ClientCertificateMode);
        Assert.Null(https.OnAuthenticate);
        Assert.Null(found.Caller ?? (object?)found.Error);
        Assert.Null(_harness.Store.Find());
    }
}
