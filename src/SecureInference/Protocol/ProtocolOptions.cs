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

    internal IEnumerable<string> Problems()
    {
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
