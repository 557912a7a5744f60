using SecureInference.Pipeline.Validation;
using SecureInference.Runtime;

namespace SecureInference.Hosting;

/// <summary>Composes what stands before an engine: the checks, then the queue.</summary>
internal sealed class ModelRunnerFactory(ValidationTelemetry validation, RuntimeTelemetry runtime, TimeProvider time) : IModelRunnerFactory
{
    public ValueTask<IServedModel> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken)
    {
        var queue = new QueuedModelRunner(engine, options, runtime, time);
        return ValueTask.FromResult<IServedModel>(new ServedModel(new ValidatingModelRunner(queue, validation), queue, engine));
    }
}
