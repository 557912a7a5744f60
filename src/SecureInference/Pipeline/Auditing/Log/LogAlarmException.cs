namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A log is not as it was left, and no crash explains it.</summary>
internal sealed class LogAlarmException(string folder, LogFailure failure) : Exception(
    $"The audit log in '{folder}' is not as it was left: {failure.Message} "
    + (failure.Kind == LogFailureKind.UnknownKey ? "Where it is the key that is new, set PreviousKeyFile to the one before, for one start. " : "")
    + "Keep a copy of the folder, and find out who changed it. "
    + "To go on with a new log in the same folder, with the old one set aside whole, start once in spite of the alarm.")
{
    public LogFailure Failure => failure;
}
