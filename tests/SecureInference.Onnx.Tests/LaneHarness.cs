using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx.Tests;

/// <summary>A lane over a session of its own, and what it runs by.</summary>
internal sealed class LaneHarness : IDisposable
{
    public LaneHarness(byte[] model, int maxRows = 32)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        Session = new InferenceSession(model, settings);
        Metadata = SignatureReader.Read("test", new ModelOptions { MaxBatchSize = maxRows }, digest: "", Session);
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

    public void WarmUp() => new WarmUp(Lane, Metadata, Layout, Plan, CancellationToken.None).Run();

    public void Dispose()
    {
        Lane.Dispose();
        Session.Dispose();
    }
}
