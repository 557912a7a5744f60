using SecureInference.Pipeline.Validation;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;

namespace SecureInference.Hosting;

/// <summary>Composes what stands before an engine: the checks, then the queue.</summary>
internal sealed class ModelRunnerFactory(ValidationTelemetry validation, RuntimeTelemetry runtime, TimeProvider time) : IModelRunnerFactory
{
    public async ValueTask<IModelRunner> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken)
    {
        var plan = await BatchingPlan.Of(engine.Metadata, options).ProveAsync(engine, runtime, cancellationToken);
        return new ValidatingModelRunner(new BatchingModelRunner(engine, plan, runtime, time), validation);
    }
}
