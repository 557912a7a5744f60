using SecureInference.Onnx;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Loads models whose engines fail as a bug would have them fail, once they are told to.</summary>
internal sealed class FailingLoader(OnnxModelLoader loader) : IModelLoader
{
    /// <summary>No divisor of anything that the load does by turns.</summary>
    private const int Every = 67;

    private int _runs;
    private int _failed;
    private int _terminated;

    public bool IsFailing { get; set; }

    public int Runs => Volatile.Read(ref _runs);

    /// <summary>Gets the runs that ended with an exception.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Gets the runs that were ended because nobody waited for them.</summary>
    public int Terminated => Volatile.Read(ref _terminated);

    public async ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken) =>
        new FailingEngine(await loader.LoadAsync(name, options, cancellationToken), this);

    /// <summary>Begins a run, or ends it.</summary>
    public void Begin()
    {
        if (Interlocked.Increment(ref _runs) % Every == 0 && IsFailing)
        {
            Interlocked.Increment(ref _failed);
            throw new InvalidOperationException("The engine has a bug.");
        }
    }

    public void NoteTerminated() => Interlocked.Increment(ref _terminated);
}
