using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.Pipeline.Authentication.Revocations;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

/// <summary>The reader of tokens as an app has it, with an issuer and a clock that a test moves.</summary>
internal sealed class TokenHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public TokenHarness(
        Action<JwtOptions>? configure = null,
        Action<FakeIssuer>? arrange = null,
        string? revocations = null,
        IClientCertificates? certificates = null,
        Action<TokenHarness, JwtBearerOptions>? handler = null)
    {
        Issuer = new FakeIssuer(time: Time);
        Other = new FakeIssuer("https://other.test", SigningKey.OfRsa("other"), Time);
        arrange?.Invoke(Issuer);
        if (revocations is not null)
        {
            File.WriteAllText(RevocationPath, revocations);
        }

        _services = Build(configure, revocations is not null, certificates, handler);
        Tokens = _services.GetRequiredService<IBearerTokens>();
        Issuers = _services.GetRequiredService<TokenIssuers>();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public CollectedLog Log { get; } = new();

    public TestFolder Folder { get; } = new();

    public FakeIssuer Issuer { get; }

    /// <summary>Another issuer that is accepted, with another audience and a tier.</summary>
    public FakeIssuer Other { get; }

    public IBearerTokens Tokens { get; }

    public TokenIssuers Issuers { get; }

    public string RevocationPath => Folder.File("revoked.json");

    public T Get<T>()
        where T : class => _services.GetRequiredService<T>();

    public static async Task<TokenHarness> StartAsync(
        Action<JwtOptions>? configure = null,
        Action<FakeIssuer>? arrange = null,
        string? revocations = null,
        IClientCertificates? certificates = null,
        Action<TokenHarness, JwtBearerOptions>? handler = null)
    {
        var harness = new TokenHarness(configure, arrange, revocations, certificates, handler);
        await harness.CheckAsync();
        return harness;
    }

    public async Task CheckAsync()
    {
        await _services.GetRequiredService<RevocationStore>().CheckAsync(TestContext.Current.CancellationToken);
        await Issuers.CheckAsync(TestContext.Current.CancellationToken);
    }

    public async Task<Recognition> ReadAsync(string token, HttpContext? http = null) => await Tokens.ReadAsync(http ?? new DefaultHttpContext(), token.AsMemory());

    /// <summary>Why the token is refused, for the record; or <see langword="null"/>.</summary>
    public async Task<string?> ReasonAsync(string token, HttpContext? http = null)
    {
        var found = await ReadAsync(token, http);
        return found.Error?.Reason ?? found.Error?.Rule;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Folder.Dispose();
    }

    private ServiceProvider Build(Action<JwtOptions>? configure, bool isRevoking, IClientCertificates? certificates, Action<TokenHarness, JwtBearerOptions>? handler)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log)).AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { ContentRootPath = Folder.Path });
        if (certificates is not null)
        {
            services.AddSingleton(certificates);
        }

        services.AddSecureInference(options => Configure(options.Jwt, configure))
            .AddRevocations(options => options.File = isRevoking ? "revoked.json" : null)
            .AddJwtBearer(configureHandler: Connect)
            .AddJwtBearer(configureHandler: (issuer, options) => handler?.Invoke(this, options));
        return services.BuildServiceProvider();
    }

    private void Configure(JwtOptions options, Action<JwtOptions>? configure)
    {
        options.Issuers.Add(new JwtIssuerOptions { Authority = Issuer.Name, Audience = "inference" });
        options.Issuers.Add(new JwtIssuerOptions { Authority = Other.Name, Audience = "partners", Tier = "partner" });
        configure?.Invoke(options);
    }

    private void Connect(JwtIssuerOptions issuer, JwtBearerOptions handler) =>
        handler.BackchannelHttpHandler = issuer.Authority == Issuer.Name ? Issuer : Other;

    private sealed class HostingEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "test";

        public required string ContentRootPath { get; set; }

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
