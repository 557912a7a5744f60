using System.Diagnostics.CodeAnalysis;

namespace SecureInference;

/// <summary>What a model answered, or why it did not.</summary>
public sealed class InferenceResponse : IDisposable
{
    /// <summary>Creates an answer.</summary>
    /// <param name="outputs">The outputs; the answer gives their rented memory back when it is disposed.</param>
    public InferenceResponse(params IReadOnlyList<Tensor> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        Outputs = outputs;
    }

    /// <summary>Creates a refusal.</summary>
    /// <param name="error">Why there is no answer.</param>
    public InferenceResponse(InferenceError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
        Outputs = [];
    }

    /// <summary>Gets the outputs, in the order wanted; empty where <see cref="Error"/> is set.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    /// <summary>Gets why there is no answer, or <see langword="null"/>.</summary>
    public InferenceError? Error { get; }

    /// <summary>Gets whether there is an answer.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>Gives rented memory back.</summary>
    public void Dispose()
    {
        for (var index = 0; index < Outputs.Count; index++)
        {
            Outputs[index].Return();
        }
    }
}
