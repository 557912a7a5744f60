namespace SecureInference.Pipeline.Arrival;

/// <summary>How much a connection may take before anybody knows who is at its other end. An app's own settings of the server win.</summary>
public sealed class ConnectionOptions
{
    /// <summary>The server refuses to start with headers larger than what it buffers of a request.</summary>
    private const int MostHeaderBytes = 1 << 20;

    /// <summary>Gets or sets how many connections may be open.</summary>
    /// <value>The default is 10,000.</value>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Gets or sets how many connections may be open on which no caller has been known yet; one more is closed at once.</summary>
    /// <value>The default is 2,000.</value>
    public int MaxUnauthenticatedConnections { get; set; } = 2_000;

    /// <summary>Gets or sets the same for each network, /24 of IPv4 and /56 of IPv6, but loopback and the known proxies.</summary>
    /// <value>The default is 100.</value>
    public int MaxUnauthenticatedConnectionsPerNetwork { get; set; } = 100;

    /// <summary>Gets or sets how many requests an HTTP/2 connection may have open.</summary>
    /// <value>The default is 64.</value>
    public int MaxStreamsPerConnection { get; set; } = 64;

    /// <summary>Gets or sets how many headers a request may have.</summary>
    /// <value>The default is 64.</value>
    public int MaxRequestHeaderCount { get; set; } = 64;

    /// <summary>Gets or sets the bytes that a request's headers may have together.</summary>
    /// <value>The default is 32,768.</value>
    public int MaxRequestHeadersTotalSize { get; set; } = 32 * 1024;

    /// <summary>Gets or sets how long the headers of a request may take to come.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the bytes a second that a body must come at, after five seconds.</summary>
    /// <value>The default is 240.</value>
    public int MinRequestBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Gets or sets the bytes a second that an answer must be read at, after five seconds.</summary>
    /// <value>The default is 240.</value>
    public int MinResponseBytesPerSecond { get; set; } = 240;

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(MaxConnections), MaxConnections),
            (nameof(MaxUnauthenticatedConnections), MaxUnauthenticatedConnections),
            (nameof(MaxUnauthenticatedConnectionsPerNetwork), MaxUnauthenticatedConnectionsPerNetwork),
            (nameof(MaxStreamsPerConnection), MaxStreamsPerConnection),
            (nameof(MaxRequestHeaderCount), MaxRequestHeaderCount),
            (nameof(MinRequestBodyBytesPerSecond), MinRequestBodyBytesPerSecond),
            (nameof(MinResponseBytesPerSecond), MinResponseBytesPerSecond),
        })
        {
            if (value < 1)
            {
                yield return $"Arrival:Connections:{name} is {value}. Write at least 1.";
            }
        }

        if (MaxRequestHeadersTotalSize is < 1 or > MostHeaderBytes)
        {
            yield return $"Arrival:Connections:MaxRequestHeadersTotalSize is {MaxRequestHeadersTotalSize}. Write at least 1 and at most {MostHeaderBytes}.";
        }

        if (RequestHeadersTimeout <= TimeSpan.Zero || RequestHeadersTimeout > TimeSpan.FromHours(1))
        {
            yield return $"Arrival:Connections:RequestHeadersTimeout is {RequestHeadersTimeout}. Write a time above zero, up to one hour, for example 00:00:10.";
        }
    }
}
