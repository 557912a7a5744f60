using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Sets the server's limits before the app does, so that what the app configures wins.</summary>
internal sealed class KestrelDefaults(IOptions<ArrivalOptions> arrival, IServiceProvider services) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Registers them first of all that configure the server.</summary>
    public static void Add(IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelDefaults>());

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        if (Sound(() => arrival.Value.Connections) is { } connections)
        {
            SetLimits(options.Limits, connections);
        }

        // The server keeps the last delegate alone: this is the one place of ours that sets it.
        options.ConfigureHttpsDefaults(ConfigureHttps);
    }

    private static void SetLimits(KestrelServerLimits limits, ConnectionOptions connections)
    {
        limits.MaxConcurrentConnections = connections.MaxConnections;
        limits.MaxRequestHeaderCount = connections.MaxRequestHeaderCount;
        limits.MaxRequestHeadersTotalSize = connections.MaxRequestHeadersTotalSize;
        limits.RequestHeadersTimeout = connections.RequestHeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(connections.MinRequestBodyBytesPerSecond, GracePeriod);
        limits.MinResponseDataRate = new MinDataRate(connections.MinResponseBytesPerSecond, GracePeriod);
        limits.Http2.MaxStreamsPerConnection = connections.MaxStreamsPerConnection;
    }

    /// <summary>Reads what options say, or returns <see langword="null"/> where they are wrong. The server is made as soon as the app is built: thrown there, one problem would hide all others, from a check too. Nothing listens with them, since <see cref="DrainingListenerFactory"/> asks for the same options.</summary>
    private static T? Sound<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }

    private void ConfigureHttps(HttpsConnectionAdapterOptions options)
    {
#pragma warning disable CA5398 // Not for the operating system to choose: some still have older versions on.
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
#pragma warning restore CA5398
        foreach (var part in Sound(services.GetServices<IHttpsDefaults>) ?? [])
        {
            part.Configure(options);
        }
    }
}
