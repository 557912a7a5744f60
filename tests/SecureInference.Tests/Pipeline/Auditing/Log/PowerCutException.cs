namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>Ends the process, as far as the store can tell: it is no error of the disk.</summary>
internal sealed class PowerCutException : Exception;
