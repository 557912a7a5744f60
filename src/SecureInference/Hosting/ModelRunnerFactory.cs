using SecureInference.Pipeline.Validation;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;

namespace SecureInference.Hosting;

/// <summary>Composes what stands before an engine: the checks, then the queue.</summary>
internal sealed class ModelRunnerFactory(ValidationTelemetry validation, RuntimeTelemetry runtime, TimeProvider time) : IModelRunnerFactory
{
    public IModelRunner Create(IModelEngine engine, ModelOptions options) =>
        new ValidatingModelRunner(new BatchingModelRunner(engine, BatchingPlan.Of(engine.Metadata, options), runtime, time), validation);
}
