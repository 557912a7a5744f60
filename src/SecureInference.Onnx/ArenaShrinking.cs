using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Lets one run in so many give back what a device's arena holds beyond what is in use.</summary>
internal sealed class ArenaShrinking(string arena, int interval) : IDisposable
{
    // A run option of ONNX Runtime, and none of the session.
    private const string Key = "memory.enable_memory_arena_shrinkage";

    private int _runs;

    /// <summary>Gets the options of the runs that shrink.</summary>
    public RunOptions Options { get; } = Create(arena);

    public static ArenaShrinking? TryCreate(string arena, int? interval) => interval is { } runs ? new ArenaShrinking(arena, runs) : null;

    /// <summary>Counts a run, and says whether it is to shrink; by one thread at a time.</summary>
    public bool IsDue()
    {
        if (++_runs < interval)
        {
            return false;
        }

        _runs = 0;
        return true;
    }

    public void Dispose() => Options.Dispose();

    private static RunOptions Create(string arena)
    {
        var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddRunConfigEntry(Key, arena);
        return options;
    }
}
