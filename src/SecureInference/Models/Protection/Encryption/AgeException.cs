namespace SecureInference.Models.Protection.Encryption;

/// <summary>An age file is refused; the message says what is wrong with it, and nothing that is secret.</summary>
internal sealed class AgeException(AgeFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public AgeFailure Failure => failure;

    public static AgeException Header(string message) => new(AgeFailure.Header, message);

    public static AgeException Payload(string message) => new(AgeFailure.Payload, message);
}
