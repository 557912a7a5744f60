namespace SecureInference;

/// <summary>Something that must be in order before the first request: a store, a list, a bundle.</summary>
internal interface IStartCheck
{
    /// <summary>Reads and checks it.</summary>
    /// <exception cref="InvalidOperationException">It is missing or wrong; the message says what to write.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
