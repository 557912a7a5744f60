namespace SecureInference.Tool;

/// <summary>A check failed, or what was asked for is refused; the message says why and what to do. Nothing was changed.</summary>
internal sealed class RefusedException(string message, Exception? cause = null) : Exception(message, cause);
