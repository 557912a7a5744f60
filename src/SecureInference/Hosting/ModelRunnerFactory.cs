using SecureInference.Pipeline.Validation;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;

namespace SecureInference.Hosting;

/// <summary>Composes what stands before an engine: the checks, then the queue.</summary>
internal sealed class ModelRunnerFactory(ValidationTelemetry validation, RuntimeTelemetry runtime, TimeProvider time) : IModelRunnerFactory
{
    public async ValueTask<IServedModel> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken)
    {
        var plan = await BatchingPlan.Of(engine.Metadata, options).ProveAsync(engine, runtime, time, cancellationToken);
        var queue = new BatchingModelRunner(engine, plan, runtime, time);
        return new ServedModel(new ValidatingModelRunner(queue, validation), queue, engine);
    }
}
