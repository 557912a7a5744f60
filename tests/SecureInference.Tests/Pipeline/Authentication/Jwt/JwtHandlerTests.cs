using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

/// <summary>What an app may change of the platform's options, and what it may not.</summary>
public sealed class JwtHandlerTests
{
    [Fact]
    public async Task Read_FixedKeys_AreTakenAndNothingIsFetched()
    {
        await using var harness = await TokenHarness.StartAsync(
            static options => options.Issuers.RemoveAt(1), handler: static (harness, options) => options.Configuration = Fixed(harness.Issuer));

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(TokenReason.WrongAudience, await harness.ReasonAsync(harness.Issuer.Token(("aud", "x"))));
        Assert.Equal(0, harness.Issuer.Fetches);
    }

    [Fact]
    public async Task Read_ManagerOfTheAppsOwn_IsAskedForKeys()
    {
        await using var harness = await TokenHarness.StartAsync(
            static options => options.Issuers.RemoveAt(1), handler: static (harness, options) => options.ConfigurationManager = new Manager(Fixed(harness.Issuer)));

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(0, harness.Issuer.Fetches);
    }

    [Fact]
    public async Task Read_ChecksThatTheAppHasLoosened_AreMadeAllTheSame()
    {
        await using var harness = await TokenHarness.StartAsync(handler: static (_, options) => options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
            RequireSignedTokens = false,
            RequireExpirationTime = false,
            SignatureValidator = static (token, _) => new JsonWebToken(token),
            AudienceValidator = static (_, _, _) => true,
        });

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(TokenReason.WrongAudience, await harness.ReasonAsync(harness.Issuer.Token(("aud", "x"))));
        Assert.Equal(TokenReason.WrongSignature, await harness.ReasonAsync(harness.Other.Sign(harness.Issuer.Header(), harness.Issuer.Payload())));
    }

    [Fact]
    public async Task Options_OfTheAppsOwnHandlers_AreLeftAlone()
    {
        await using var harness = await TokenHarness.StartAsync();
        var handlers = harness.Get<IOptionsMonitor<JwtBearerOptions>>();

        Assert.Null(handlers.Get("Bearer").Authority);
        Assert.Equal(new JwtBearerOptions().RefreshInterval, handlers.Get("SecureInference:somebody").RefreshInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), handlers.Get("SecureInference:https://issuer.test").RefreshInterval);
    }

    private static OpenIdConnectConfiguration Fixed(FakeIssuer issuer) => new()
    {
        Issuer = issuer.Name,
        SigningKeys = { new RsaSecurityKey(issuer.Key.Rsa.ExportParameters(includePrivateParameters: false)) { KeyId = issuer.Key.Id } },
    };

    private sealed class Manager(OpenIdConnectConfiguration configuration) : IConfigurationManager<OpenIdConnectConfiguration>
    {
        public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) => Task.FromResult(configuration);

        public void RequestRefresh()
        {
        }
    }
}
