using System.Collections.Concurrent;
using SecureInference.Hosting;
using SecureInference.Onnx;
using SecureInference.Runtime.Batching;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Composes models as the app does, and keeps hold of what it composed.</summary>
internal sealed class WatchedRunners(ModelRunnerFactory factory) : IModelRunnerFactory
{
    private readonly ConcurrentQueue<ServedModel> _models = new();

    /// <summary>Gets every version of every model that was ever served.</summary>
    public IReadOnlyCollection<ServedModel> Models => _models;

    public async ValueTask<IServedModel> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken)
    {
        var served = Assert.IsType<ServedModel>(await factory.CreateAsync(engine, options, cancellationToken));
        _models.Enqueue(served);
        return served;
    }

    /// <summary>Says what of a model is not at rest, or nothing.</summary>
    public static string FindUnrest(ServedModel model)
    {
        var line = Assert.IsType<BatchingModelRunner>(model.Queue).Line;
        var engine = Assert.IsType<OnnxEngine>(Assert.IsType<FailingEngine>(model.Engine).Inner);
        return (line.IsIdle, line.Lanes.Free, line.Lanes.Arriving, line.Requests.Rented, engine.IdleLanes) == (true, engine.Lanes, 0, 0, engine.Lanes)
            ? ""
            : $"{model.Metadata.Name}: {(line.IsIdle ? "idle" : "not idle")}, {line.Lanes.Free} of {engine.Lanes} lanes free in the queue and {engine.IdleLanes} in the engine, "
                + $"{line.Lanes.Arriving} requests announced, {line.Requests.Rented} rented. ";
    }
}
