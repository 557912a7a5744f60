using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace SecureInference.Load.Peers;

/// <summary>The floor with the guards that a team would write by hand: a key handler, the platform's limiter, a line for each request in a file.</summary>
internal static class HandPeer
{
    private const int Plenty = 100_000_000;

    public static WebApplication Build(string folder)
    {
        var builder = PeerServer.Prepare(WebApplication.CreateBuilder());
        builder.Services.AddSingleton(FloorPeer.OpenSession());
        builder.Services.AddAuthentication(HandKeyHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, HandKeyHandler>(HandKeyHandler.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
        builder.Services.AddRateLimiter(static limiter => limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(static http =>
            RateLimitPartition.GetTokenBucketLimiter(http.Request.Headers["x-api-key"].ToString(), static _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Plenty,
                TokensPerPeriod = Plenty,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            })));
        var logger = new LoggerConfiguration().MinimumLevel.Information().MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.File(new CompactJsonFormatter(), Path.Combine(folder, "requests.log"), fileSizeLimitBytes: null).CreateLogger();
        builder.Services.AddSerilog(logger, dispose: true);
        var app = builder.Build();
        app.UseSerilogRequestLogging();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        FloorPeer.Map(app).RequireAuthorization();
        return app;
    }
}
