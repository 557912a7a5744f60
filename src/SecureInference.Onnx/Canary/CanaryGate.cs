using System.Security.Cryptography;

namespace SecureInference.Onnx.Canary;

/// <summary>Lets a model into the app that was loaded by another process before: what ends that one does not end the app.</summary>
internal sealed class CanaryGate(OnnxTelemetry telemetry, TimeProvider time, CanaryProgram? program = null)
{
    private const int NonceBytes = 16;

    private readonly PassedModels _passed = new();

    /// <summary>Has a model tried, unless it was before.</summary>
    /// <exception cref="ModelLoadException">The model did not load there; the message says what happened and what to do.</exception>
    public async Task RequireAsync(string model, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        var key = CanaryRequest.KeyOf(options, content);
        if (_passed.Contains(key))
        {
            return;
        }

        var start = time.GetTimestamp();
        await TryAsync(model, options, content, cancellationToken);
        _passed.Add(key);
        telemetry.CanaryPassed(model, (long)time.GetElapsedTime(start).TotalMilliseconds);
    }

    private async Task TryAsync(string model, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.CanaryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await TryInTimeAsync(model, options, content, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelLoadException(
                $"Models:{model}: the file '{options.Path}' was not loaded within CanaryTimeout, {options.CanaryTimeout}, by the process that tried it first. "
                + $"Do not serve it, or raise Models:{model}:CanaryTimeout where it is large or the machine slow.");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private async Task TryInTimeAsync(string model, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        var obstacle = "";
        var own = program ?? CanaryProgram.Find(out obstacle) ?? throw Refuse(model, obstacle);
        await using var process = CanaryProcess.TryStart(own) ?? throw Refuse(model, $"the system does not start '{own.File}'. Allow the app to start its own program");
        if (!await process.HasBegunAsync(cancellationToken))
        {
            throw Refuse(model, $"'{own.File}' does not begin with the trial. Start the app by its own program, or by 'dotnet' and its assembly");
        }

        var nonce = RandomNumberGenerator.GetHexString(2 * NonceBytes);
        var verdict = await process.TryAsync(model, nonce, options, content, cancellationToken);
        switch (verdict?.Outcome)
        {
            case CanaryOutcome.Passed:
                return;
            case CanaryOutcome.Refused:
                throw new ModelLoadException(verdict.Message);
            case CanaryOutcome.OutOfMemory:
                throw new ModelLoadException(
                    $"Models:{model}: the file '{options.Path}' took more than {CanaryLimits.MemoryOf(options, content.Size)} bytes of the process that tried it first. "
                    + $"Do not serve it, or raise Models:{model}:CanaryMaxBytes where it needs as much.");
            case null:
                var exitCode = await process.WaitForExitAsync(cancellationToken);
                throw new ModelLoadException(
                    $"Models:{model}: the file '{options.Path}' ended the process that tried it first ({CanaryEnd.Describe(exitCode)}), and would have ended the app. "
                    + $"Do not serve it. Where it is sound and large, it may have lacked memory: raise Models:{model}:CanaryMaxBytes.");
            default:
                throw new InvalidOperationException($"The outcome {verdict.Outcome} is not known.");
        }
    }

    private static ModelLoadException Refuse(string model, string obstacle) =>
        new($"Models:{model}:Canary is true, but {obstacle}; or write false for Canary, and the model is loaded without a trial.");
}
