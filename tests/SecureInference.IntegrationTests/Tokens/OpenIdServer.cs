using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace SecureInference.IntegrationTests.Tokens;

/// <summary>A real OpenID Connect server on a real socket with TLS: it gives tokens to the client "shop", and its keys can be changed while it runs.</summary>
internal sealed class OpenIdServer : IAsyncDisposable
{
    private const string Secret = "not-a-secret";

    /// <summary>The server insists on one; no token here is encrypted.</summary>
    private static readonly SymmetricSecurityKey EncryptionKey = new(RandomNumberGenerator.GetBytes(32));

    private readonly WebApplication _app;
    private readonly LoopbackAuthority _authority;
    private readonly HttpClient _client;
    private volatile IReadOnlyList<SigningCredentials> _keys = [CreateKey()];
    private int _discoveries;

    private OpenIdServer(LoopbackAuthority authority)
    {
        _authority = authority;
        _app = Build();
        _client = new HttpClient(authority.CreateHandler());
    }

    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>What it calls itself.</summary>
    public string Name => Address.ToString();

    public bool IsDiscoveryDown { get; set; }

    /// <summary>How often its discovery document was asked for.</summary>
    public int Discoveries => Volatile.Read(ref _discoveries);

    public static async Task<OpenIdServer> StartAsync(LoopbackAuthority authority)
    {
        var server = new OpenIdServer(authority);
        await server._app.StartAsync();
        server.Address = new Uri($"https://localhost:{new Uri(server._app.Urls.First()).Port}");
        server._client.BaseAddress = server.Address;
        return server;
    }

    /// <summary>Asks for a token, as the client "shop".</summary>
    public async Task<string> GetTokenAsync(string scope, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("client_id", "shop"), new("client_secret", Secret), new("scope", scope),
        ]);
        using var answer = await _client.PostAsync("connect/token", form, cancellationToken);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return json.TryGetProperty("access_token", out var token) && token.GetString() is { } text
            ? text
            : throw new InvalidOperationException($"The server gave no token: {json}");
    }

    /// <summary>Signs with a new key from now on, and goes on to publish as many of the old ones.</summary>
    public void Rotate(int keep)
    {
        _keys = [CreateKey(), .. _keys.Take(keep)];
        _app.Services.GetRequiredService<IOptionsMonitorCache<OpenIddictServerOptions>>().Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static SigningCredentials CreateKey() =>
        new(new RsaSecurityKey(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") }, SecurityAlgorithms.RsaSha256);

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_authority.ServerCertificate)));
        builder.Services.AddRouting();
        builder.Services.AddAuthentication();
        builder.Services.AddOpenIddict().AddServer(Configure);
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure(options => options.SigningCredentials.AddRange(_keys));
        var app = builder.Build();
        app.Use(async (http, next) =>
        {
            if (http.Request.Path.StartsWithSegments("/.well-known/openid-configuration"))
            {
                Interlocked.Increment(ref _discoveries);
                if (IsDiscoveryDown)
                {
                    http.Response.StatusCode = StatusCodes.Status502BadGateway;
                    return;
                }
            }

            await next(http);
        });
        app.UseAuthentication();
        return app;
    }

    private static void Configure(OpenIddictServerBuilder server)
    {
        server.EnableDegradedMode().SetTokenEndpointUris("connect/token").AllowClientCredentialsFlow()
            .DisableAccessTokenEncryption().DisableScopeValidation().AddEncryptionKey(EncryptionKey).UseAspNetCore();
        server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(static handler => handler.UseInlineHandler(static context =>
        {
            if (context.ClientId != "shop" || context.ClientSecret != Secret)
            {
                context.Reject(OpenIddictConstants.Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(static handler => handler.UseInlineHandler(static context =>
        {
            var identity = new ClaimsIdentity("client");
            identity.SetClaim(OpenIddictConstants.Claims.Subject, context.ClientId);
            identity.SetScopes(context.Request.GetScopes());
            identity.SetResources("inference");
            context.SignIn(new ClaimsPrincipal(identity));
            return default;
        }));
    }
}
