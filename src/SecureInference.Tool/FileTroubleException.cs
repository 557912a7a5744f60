namespace SecureInference.Tool;

/// <summary>A file could not be read or written; the message says which, why, and what to do.</summary>
internal sealed class FileTroubleException(string message, Exception? cause = null) : Exception(message, cause);
