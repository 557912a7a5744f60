namespace SecureInference.Tool;

/// <summary>The command line is wrong in a way that is seen only when its parts are put together.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
