using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Sets the platform's options for each issuer, under a name of our own: an app may use the same handler for other things.</summary>
internal sealed class JwtHandlerDefaults(IOptions<JwtOptions> options, IEnumerable<JwtHandlerChange> changes) : IConfigureNamedOptions<JwtBearerOptions>
{
    private const string Prefix = "SecureInference:";

    public static string NameOf(JwtIssuerOptions issuer) => Prefix + issuer.Name;

    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions handler)
    {
        if (name?.StartsWith(Prefix, StringComparison.Ordinal) != true
            || options.Value.Issuers.FirstOrDefault(issuer => NameOf(issuer) == name) is not { } issuer)
        {
            return;
        }

        handler.Authority = issuer.Authority;
        handler.RequireHttpsMetadata = issuer.Authority?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) != false;
        handler.MapInboundClaims = false;

        // The platform's own (5 minutes, 12 hours) would leave new keys unknown, and retired ones in force, for that long.
        handler.RefreshInterval = TimeSpan.FromSeconds(5);
        handler.AutomaticRefreshInterval = TimeSpan.FromMinutes(10);
        handler.BackchannelTimeout = TimeSpan.FromSeconds(10);
        foreach (var change in changes)
        {
            change.Apply(issuer, handler);
        }
    }
}
