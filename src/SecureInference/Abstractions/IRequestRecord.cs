namespace SecureInference;

/// <summary>The record of one request, while the request goes on.</summary>
internal interface IRequestRecord
{
    /// <summary>Reserves the space of a decision and an outcome, once.</summary>
    /// <returns><see langword="false"/> where the log cannot take them: the request must be refused.</returns>
    bool TryReserve();

    /// <summary>Records that the request goes ahead, once.</summary>
    /// <param name="request">What the model is asked, where that is known.</param>
    /// <returns>The refusal, where that cannot be recorded.</returns>
    ValueTask<InferenceError?> AllowAsync(InferenceRequest? request);

    /// <summary>Notes what is answered, before any of it leaves; waits for the disk where that is asked for.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="answer">The answer, where a model gave it.</param>
    /// <returns>The refusal, where that cannot be recorded.</returns>
    ValueTask<InferenceError?> ConcludeAsync(int status, InferenceResponse? answer);

    /// <summary>Forgets the request: the connection begins another.</summary>
    void End();
}
