using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx.Tests;

/// <summary>A lane over a session of its own, and what it runs by.</summary>
internal sealed class LaneHarness : IDisposable
{
    public LaneHarness(byte[] model, int maxRows = 32)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        Session = new InferenceSession(model, settings);
        Metadata = SignatureReader.Read("test", new ModelOptions { MaxBatchSize = maxRows }, digest: "", fileBytes: 0, Session);
        Layout = BoundLayout.TryCreate(Metadata);
        Plan = new RunPlan(() => GivenUp++);
        Lane = new Lane(Session, Metadata, Layout, Plan, TimeProvider.System);
    }

    public InferenceSession Session { get; }

    public ModelMetadata Metadata { get; }

    public BoundLayout? Layout { get; }

    public RunPlan Plan { get; }

    public Lane Lane { get; }

    public int GivenUp { get; private set; }

    /// <summary>Further lanes over the session.</summary>
    public List<Lane> Extra { get; } = [];

    public void WarmUp() => new WarmUp(Lane, Metadata, Layout, Plan, CancellationToken.None).Run();

    public void Dispose()
    {
        Extra.ForEach(static lane => lane.Dispose());
        Lane.Dispose();
        Session.Dispose();
    }
}
