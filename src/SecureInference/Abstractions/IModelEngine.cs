namespace SecureInference;

/// <summary>A loaded and warmed-up model of some engine.</summary>
/// <remarks>Called with checked requests only, and by no more than <see cref="Lanes"/> callers at once.
/// <see cref="IAsyncDisposable.DisposeAsync"/> waits for the runs that go on before it frees what they use.</remarks>
public interface IModelEngine : IModelRunner, IAsyncDisposable
{
    /// <summary>Gets the number of runs that go on at once.</summary>
    int Lanes { get; }
}
