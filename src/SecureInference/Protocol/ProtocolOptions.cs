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

    internal IEnumerable<string> Problems()
    {
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
