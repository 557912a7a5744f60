using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

public sealed class KestrelDefaultsTests
{
    [Fact]
    public async Task Start_NothingConfigured_LimitsTheServer()
    {
        await using var app = await GuardedApp.StartAsync();

        var options = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        var limits = options.Limits;
        Assert.False(options.AddServerHeader);
        Assert.Equal((10_000, 64, 32 * 1024, 64), (limits.MaxConcurrentConnections, limits.MaxRequestHeaderCount, limits.MaxRequestHeadersTotalSize, limits.Http2.MaxStreamsPerConnection));
        Assert.Equal(TimeSpan.FromSeconds(10), limits.RequestHeadersTimeout);
        Assert.Equal((240, 240), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinResponseDataRate!.BytesPerSecond));
    }

    [Fact]
    public async Task Start_SectionSaysOtherwise_LimitsAsItSays()
    {
        await using var app = await GuardedApp.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Arrival:Connections:MaxConnections"] = "101",
            ["Arrival:Connections:MaxRequestHeaderCount"] = "102",
            ["Arrival:Connections:MaxRequestHeadersTotalSize"] = "10003",
            ["Arrival:Connections:MaxStreamsPerConnection"] = "104",
            ["Arrival:Connections:RequestHeadersTimeout"] = "00:00:05",
            ["Arrival:Connections:MinRequestBodyBytesPerSecond"] = "106",
            ["Arrival:Connections:MinResponseBytesPerSecond"] = "107",
        });

        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal((101, 102, 10_003, 104), (limits.MaxConcurrentConnections, limits.MaxRequestHeaderCount, limits.MaxRequestHeadersTotalSize, limits.Http2.MaxStreamsPerConnection));
        Assert.Equal(TimeSpan.FromSeconds(5), limits.RequestHeadersTimeout);
        Assert.Equal((106, 107), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinResponseDataRate!.BytesPerSecond));
    }

    [Fact]
    public async Task Start_AppConfiguresTheServerBeforeUs_ItsValuesWin()
    {
        await using var app = await GuardedApp.StartAsync(services: static services => services.Configure<KestrelServerOptions>(static options =>
        {
            options.AddServerHeader = true;
            options.Limits.MaxRequestHeaderCount = 7;
        }));

        var options = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        Assert.True(options.AddServerHeader);
        Assert.Equal(7, options.Limits.MaxRequestHeaderCount);
        Assert.Equal(10_000, options.Limits.MaxConcurrentConnections);
    }

    [Fact]
    public async Task Start_Https_IsTls12AndUpAndEveryPartHasItsSay()
    {
        var first = new Part();
        var second = new Part();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));

        await using var app = await GuardedApp.StartAsync(services: services => services
            .AddSingleton<IHttpsDefaults>(first)
            .AddSingleton<IHttpsDefaults>(second)
            .Configure<KestrelServerOptions>(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate))));

        Assert.Equal("https", app.Address.Scheme);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, first.Seen!.SslProtocols);
        Assert.Same(first.Seen, second.Seen);
    }

    private sealed class Part : IHttpsDefaults
    {
        public HttpsConnectionAdapterOptions? Seen { get; private set; }

        public void Configure(HttpsConnectionAdapterOptions https) => Seen = https;
    }
}
