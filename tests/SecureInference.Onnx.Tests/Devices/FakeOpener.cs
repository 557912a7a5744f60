using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx.Tests.Devices;

/// <summary>Opens every session on the CPU, and plays a machine with GPUs that work, or do not.</summary>
internal sealed class FakeOpener : ISessionOpener
{
    /// <summary>Why there is no GPU.</summary>
    public CudaObstacle? Obstacle { get; init; }

    /// <summary>What opening on a GPU fails of, by its number and whether the CPU may help.</summary>
    public Func<int, bool, Exception?> Fails { get; init; } = static (_, _) => null;

    /// <summary>What was opened, or tried.</summary>
    public List<string> Tried { get; } = [];

    public List<InferenceSession> Sessions { get; } = [];

    public CudaObstacle? LookForCuda() => Obstacle;

    public OpenedSession OpenOnCpu(ModelContent content, CancellationToken cancellationToken)
    {
        Tried.Add("cpu");
        return Open(content);
    }

    public OpenedSession OpenOnCuda(ModelContent content, int card, bool allowCpu, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Tried.Add($"cuda {card}{(allowCpu ? " with cpu" : "")}");
        return Fails(card, allowCpu) is { } failure ? throw failure : Open(content);
    }

    private OpenedSession Open(ModelContent content)
    {
        Sessions.Add(new InferenceSession(content.Model));
        return new OpenedSession(Sessions[^1], HostMemory.Ordinary, "cpu:0");
    }
}
