namespace SecureInference;

/// <summary>What is counted of a caller beside its bucket, where the limits ask for it or something was given back.</summary>
internal sealed class CallerUsage
{
    /// <summary>The bucket of the bytes that it sends.</summary>
    public long Bytes;

    /// <summary>What was put back into the bucket of bytes in all.</summary>
    public long BytesGivenBack;

    /// <summary>What was put back into the bucket of tokens in all.</summary>
    public long GivenBack;

    /// <summary>The day, and the tokens used on it.</summary>
    public long Day;

    /// <summary>What its last infer request cost in tokens: the best that is known of the next before its body is read.</summary>
    public long LastTokens;

    /// <summary>The bytes of that request's body.</summary>
    public long LastBytes;

    /// <summary>The requests that go on at the moment.</summary>
    public int Running;

    private CallerModelUsage[] _models = [];

    /// <summary>Gets its buckets for models that limit each caller.</summary>
    public IReadOnlyList<CallerModelUsage> Models => Volatile.Read(ref _models);

    /// <summary>Returns its bucket for a model that limits each caller.</summary>
    /// <param name="index">The model's place among those that do.</param>
    public CallerModelUsage OfModel(int index)
    {
        while (true)
        {
            var models = Volatile.Read(ref _models);
            if (index < models.Length)
            {
                return models[index];
            }

            var more = new CallerModelUsage[index + 1];
            models.CopyTo(more, 0);
            for (var added = models.Length; added < more.Length; added++)
            {
                more[added] = new CallerModelUsage();
            }

            Interlocked.CompareExchange(ref _models, more, models);
        }
    }
}
