using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>A log is not as it was written, so that nothing of it can be relied on.</summary>
internal sealed class LogFailedException(LogFailure failure) : Exception(failure.Message)
{
    public LogFailure Failure => failure;
}
