using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Hosting;
using SecureInference.Hosting.DryRun;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting.DryRun;

/// <summary>Values out of their range, in an app on a real server: the check names them and goes on, and a start says the same.</summary>
public sealed class OutOfRangeTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private int? _exitCode;

    /// <summary>Settings, separated by spaces, and how the one problem begins that they make.</summary>
    public static TheoryData<string, string> Settings => new()
    {
        { "Arrival:AllowedNetworks:0=10.0.0.1", "Arrival:AllowedNetworks has '10.0.0.1'" },
        { "Arrival:KnownProxies:0=lb.internal", "Arrival:KnownProxies has 'lb.internal'" },
        { "Arrival:HstsMaxAge=-00:00:01", "Arrival:HstsMaxAge is -00:00:01." },
        { "Arrival:Connections:MaxConnections=0", "Arrival:Connections:MaxConnections is 0." },
        { "Arrival:Connections:MaxRequestHeadersTotalSize=-1", "Arrival:Connections:MaxRequestHeadersTotalSize is -1." },
        { "Arrival:Connections:RequestHeadersTimeout=00:00:00", "Arrival:Connections:RequestHeadersTimeout is 00:00:00." },
        { "ApiKeys:Header=a,b", "ApiKeys:Header is 'a,b'" },
        { "ApiKeys:PollInterval=00:00:00", "ApiKeys:PollInterval is 00:00:00." },
        { "ClientCertificates:TrustBundle=ca.pem", "ClientCertificates:TrustBundle is set, and nobody is allowed." },
        { "ClientCertificates:AllowedSubjects:0=*.internal.example", "ClientCertificates:AllowedSubjects is set, and ClientCertificates:TrustBundle is not." },
        {
            "ClientCertificates:TrustBundle=ca.pem ClientCertificates:AllowedSubjects:0=spiffe://a/b ClientCertificates:AllowedSubjects:1=spiffe://c/d",
            "ClientCertificates allows SPIFFE ids of several trust domains: a, c."
        },
        { "ClientCertificates:PollInterval=00:00:00", "ClientCertificates:PollInterval is 00:00:00." },
        { "Jwt:ClockSkew=01:00:00", "Jwt:ClockSkew is 01:00:00." },
        { "Jwt:Issuers:0:Authority=http://login.example.com Jwt:Issuers:0:Audience=inference", "Jwt:Issuers:0:Authority is 'http://login.example.com'" },
        { "Revocations:File=", "Revocations:File is empty." },
        { "Revocations:PollInterval=00:00:00", "Revocations:PollInterval is 00:00:00." },
        { "RateLimits:Default:TokenLimit=0", "RateLimits:Default:TokenLimit is 0." },
        { "RateLimits:Tiers:gold:TokensPerPeriod=0", "RateLimits:Tiers:gold:TokensPerPeriod is 0." },
        { "Audit:QueueCapacity=0", "Audit:QueueCapacity is 0." },
        { "Protocol:BodyTimeout=00:00:00", "Protocol:BodyTimeout is 00:00:00." },
        { "Models:m:Path=m.onnx Models:m:Timeout=00:00:00", "Models:m:Timeout is 00:00:00." },
        { "DrainTimeout=09:00:00", "DrainTimeout is 09:00:00." },
    };

    [Fact]
    public void Settings_EverySection_IsAmongThem()
    {
        var sections = Settings.Select(static row => row.Data.Item1.Split(':', '=')[0]).Distinct();

        Assert.Equal(typeof(SecureInferenceOptions).GetProperties().Select(static property => property.Name).Order(), sections.Order());
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Check_ValueOutOfItsRange_IsTheOneProblem(string settings, string problem)
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => StartAsync(settings, "--check-config"));

        Assert.Equal(1, _exitCode);
        Assert.StartsWith("problem: SecureInference:" + problem, Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Start_ValueOutOfItsRange_StopsWithTheSameProblem(string settings, string problem)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        Assert.StartsWith("SecureInference:" + problem, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAndStart_EverySectionWrongAtOnce_SayAllOfIt()
    {
        var settings = "Arrival:AllowedNetworks:0=10.0.0.1 Arrival:Connections:MaxConnections=0 ApiKeys:PollInterval=00:00:00 ClientCertificates:TrustBundle=ca.pem Jwt:ClockSkew=01:00:00 "
            + "Revocations:PollInterval=00:00:00 RateLimits:Default:TokenLimit=0 Audit:QueueCapacity=0 Protocol:BodyTimeout=00:00:00 Models:m:Path= DrainTimeout=09:00:00";

        await Assert.ThrowsAsync<OperationCanceledException>(() => StartAsync(settings, "--check-config"));
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        Assert.Equal(11, Problems().Length);
        Assert.Equal(Problems().Order(), exception.Failures.Select(static failure => "problem: " + failure).Order());
    }

    [Fact]
    public async Task CheckAndStart_HttpsInCodeBesideCertificatesThatAreWrong_SayWhatIsWrong()
    {
        const string Settings = "ClientCertificates:TrustBundle=ca.pem DrainTimeout=09:00:00";

        await Assert.ThrowsAsync<OperationCanceledException>(() => StartAsync(Settings, "--check-config", ListenWithHttps));
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(Settings, add: ListenWithHttps));

        Assert.Equal(2, Problems().Length);
        Assert.Equal(Problems().Order(), exception.Failures.Select(static failure => "problem: " + failure).Order());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    // Such an app asks for our defaults of HTTPS as soon as it is built. It never comes to use the certificate.
    private static void ListenWithHttps(IServiceCollection services) => services.Configure<KestrelServerOptions>(
        static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.UseHttps(static https => https.ServerCertificateSelector = static (_, _) => null)));

    private Task<GuardedApp> StartAsync(string settings, string? argument = null, Action<IServiceCollection>? add = null) => GuardedApp.StartAsync(
        settings: settings.Split(' ').Select(static setting => setting.Split('=', 2)).Append(["Audit:Directory", _folder.File("audit")])
            .ToDictionary(static pair => pair[0], static pair => (string?)pair[1]),
        services: services =>
        {
            services.AddSingleton(new DryRunCommand(["app.dll", .. argument is null ? [] : new[] { argument }], _output, _error, code => _exitCode = code));
            add?.Invoke(services);
        });

    private string[] Problems() => [.. _error.ToString().Split(Environment.NewLine).Where(static line => line.StartsWith("problem: ", StringComparison.Ordinal))];
}
