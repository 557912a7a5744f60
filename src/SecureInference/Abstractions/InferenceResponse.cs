using System.Diagnostics.CodeAnalysis;

namespace SecureInference;

/// <summary>What a model answered, or why it did not.</summary>
public sealed class InferenceResponse : IDisposable
{
    private readonly List<Tensor>? _own;
    private readonly Stack<Tensor>? _spare;

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

    /// <summary>Creates an answer that is filled by <see cref="Add"/>.</summary>
    internal InferenceResponse()
    {
        _own = [];
        _spare = [];
        Outputs = _own;
    }

    /// <summary>Gets the outputs, in the order wanted; empty where <see cref="Error"/> is set.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    /// <summary>Gets why there is no answer, or <see langword="null"/>.</summary>
    public InferenceError? Error { get; }

    /// <summary>Gets whether there is an answer.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>Adds an output in rented memory.</summary>
    internal Memory<byte> Add(string name, TensorDataType dataType, long[] shape, int byteCount)
    {
        if (_own is null || _spare is null)
        {
            throw new InvalidOperationException("This answer was made with its outputs.");
        }

        _own.Add(Tensor.Rent(name, dataType, shape, byteCount, out var data, _spare.TryPop(out var again) ? again : null));
        return data;
    }

    /// <summary>Serves again. Only its owner may say so, once it was disposed and nobody else can hold it.</summary>
    internal InferenceResponse Clear()
    {
        foreach (var tensor in _own ?? [])
        {
            _spare?.Push(tensor);
        }

        _own?.Clear();
        return this;
    }

    /// <summary>Gives rented memory back.</summary>
    public void Dispose()
    {
        for (var index = 0; index < Outputs.Count; index++)
        {
            Outputs[index].Return();
        }
    }
}
