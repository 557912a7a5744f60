namespace SecureInference.Protocol;

/// <summary>How the Open Inference Protocol is spoken.</summary>
public sealed class ProtocolOptions
{
    /// <summary>Gets or sets the server's name in its metadata.</summary>
    /// <value>The default is <c>SecureInference</c>.</value>
    public string ServerName { get; set; } = "SecureInference";

    /// <summary>Gets or sets the size from which an answer is compressed where the caller accepts that, in bytes.</summary>
    /// <value>The default is 1,024.</value>
    public int CompressionThreshold { get; set; } = 1024;

    /// <summary>Gets or sets how long a body may take to come; then the request is answered with 408.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the most bytes of bodies, inflated, that requests hold at once in all; one more is answered with 503. A request that is alone is always taken.</summary>
    /// <value>The default is 268,435,456.</value>
    public long MaxBytesInFlight { get; set; } = 256L << 20;

    /// <summary>Gets or sets the most bytes of bodies, inflated, that one caller's requests hold at once; one more is answered with 429.</summary>
    /// <value>The default is 67,108,864.</value>
    public long MaxCallerBytesInFlight { get; set; } = 64L << 20;

    internal IEnumerable<string> Problems()
    {
        foreach (var (property, value) in new[] { (nameof(MaxBytesInFlight), MaxBytesInFlight), (nameof(MaxCallerBytesInFlight), MaxCallerBytesInFlight) })
        {
            if (value < 1)
            {
                yield return $"Protocol:{property} is {value}. Write a number of bytes above 0, for example 67108864.";
            }
        }

        if (BodyTimeout <= TimeSpan.Zero || BodyTimeout > TimeSpan.FromDays(1))
        {
            yield return $"Protocol:BodyTimeout is {BodyTimeout}. Write a time above zero, up to one day, for example 00:01:00.";
        }

        if (string.IsNullOrWhiteSpace(ServerName))
        {
            yield return "Protocol:ServerName is empty. Write a name, for example SecureInference.";
        }

        if (CompressionThreshold < 0)
        {
            yield return $"Protocol:CompressionThreshold is {CompressionThreshold}. Write 0 or more.";
        }
    }
}
