using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Sets the server's limits before the app does, so that what the app configures wins.</summary>
internal sealed class KestrelDefaults(IOptions<ArrivalOptions> arrival, IEnumerable<IHttpsDefaults> https) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Registers them first of all that configure the server.</summary>
    public static void Add(IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelDefaults>());

    public void Configure(KestrelServerOptions options)
    {
        var connections = arrival.Value.Connections;
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.MaxConcurrentConnections = connections.MaxConnections;
        limits.MaxRequestHeaderCount = connections.MaxRequestHeaderCount;
        limits.MaxRequestHeadersTotalSize = connections.MaxRequestHeadersTotalSize;
        limits.RequestHeadersTimeout = connections.RequestHeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(connections.MinRequestBodyBytesPerSecond, GracePeriod);
        limits.MinResponseDataRate = new MinDataRate(connections.MinResponseBytesPerSecond, GracePeriod);
        limits.Http2.MaxStreamsPerConnection = connections.MaxStreamsPerConnection;

        // The server keeps the last delegate alone: this is the one place of ours that sets it.
        options.ConfigureHttpsDefaults(ConfigureHttps);
    }

    private void ConfigureHttps(HttpsConnectionAdapterOptions options)
    {
#pragma warning disable CA5398 // Not for the operating system to choose: some still have older versions on.
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
        foreach (var part in https)
        {
            part.Configure(options);
        }
    }
}
