namespace SecureInference.Runtime.Batching;

/// <summary>Counts a model's failures in a row: one that fails whatever it is asked is not ready.</summary>
internal sealed class FailureStreak(TimeProvider time)
{
    /// <summary>Fewer may be the bad luck of one moment.</summary>
    public const int Most = 5;

    /// <summary>Who is not ready is not asked, and so would never be found to be well again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private int _failures;
    private long _failedAt;

    public bool IsUnready => Volatile.Read(ref _failures) >= Most && time.GetElapsedTime(Volatile.Read(ref _failedAt)) < Rest;

    /// <summary>Notes how a run ended.</summary>
    /// <returns>Whether the model is unready by it, and was not before.</returns>
    public bool Note(InferenceError? error)
    {
        if (error is null)
        {
            // Read first: runs side by side must not fight over a word that stays the same.
            if (Volatile.Read(ref _failures) != 0)
            {
                Volatile.Write(ref _failures, 0);
            }

            return false;
        }

        // Values that a model refuses say nothing of the model.
        return error.Code is InferenceErrorCode.ModelFailed or InferenceErrorCode.Internal && NoteFailure();
    }

    public bool NoteFailure()
    {
        Volatile.Write(ref _failedAt, time.GetTimestamp());
        return Interlocked.Increment(ref _failures) == Most;
    }
}
