using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>What an app changes about how an issuer's keys are fetched.</summary>
internal sealed record JwtHandlerChange(Action<JwtIssuerOptions, JwtBearerOptions> Apply);
