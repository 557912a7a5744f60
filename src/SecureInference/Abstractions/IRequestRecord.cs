namespace SecureInference;

/// <summary>The record of one request, while the request goes on.</summary>
internal interface IRequestRecord
{
    /// <summary>Reserves the space of a decision and an outcome, once.</summary>
    /// <returns><see langword="false"/> where the log cannot take them: the request must be refused.</returns>
    bool TryReserve();

    /// <summary>Records that the request goes ahead, once.</summary>
    /// <returns>The refusal, where that cannot be recorded.</returns>
    InferenceError? Allow();
}
