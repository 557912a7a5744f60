namespace SecureInference.Models.Protection.Signing;

/// <summary>A signature, or a file that it lists, is refused; the message says why and what to do, and ends a sentence.</summary>
internal sealed class SignatureRefusedException(string message, Exception? cause = null) : Exception(message, cause);
