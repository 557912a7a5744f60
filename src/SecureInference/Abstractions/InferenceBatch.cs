namespace SecureInference;

/// <summary>Several requests whose rows run as one; an engine answers each of them.</summary>
/// <remarks>
/// The requests fit together: every input and output of the model has rows of elements of one size, and what lies beyond the first dimension is the same in all of them.
/// Used by one run at a time, and again by the next.
/// </remarks>
public sealed class InferenceBatch
{
    private readonly ModelMetadata _metadata;
    private readonly List<InferenceRequest> _requests = [];
    private readonly List<InferenceResponse?> _responses = [];
    private readonly List<int> _rowCounts = [];

    /// <summary>Creates an empty batch.</summary>
    /// <param name="metadata">The model that its requests are for.</param>
    public InferenceBatch(ModelMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        _metadata = metadata;
    }

    /// <summary>Gets the requests, in the order of their rows.</summary>
    public IReadOnlyList<InferenceRequest> Requests => _requests;

    /// <summary>Gets the rows of all requests.</summary>
    public int Rows { get; private set; }

    /// <summary>Gets the rows of one request.</summary>
    /// <param name="index">Its place in <see cref="Requests"/>.</param>
    /// <returns>The rows; at least 1.</returns>
    public int GetRows(int index) => _rowCounts[index];

    /// <summary>Adds a request.</summary>
    /// <param name="request">The request; it stays the caller's to dispose.</param>
    /// <param name="rows">Its rows.</param>
    public void Add(InferenceRequest request, int rows)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        _requests.Add(request);
        _responses.Add(null);
        _rowCounts.Add(rows);
        Rows += rows;
    }

    /// <summary>Answers a request.</summary>
    /// <param name="index">Its place in <see cref="Requests"/>.</param>
    /// <param name="response">Its answer; whoever takes it disposes it.</param>
    public void Respond(int index, InferenceResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _responses[index]?.Dispose();
        _responses[index] = response;
    }

    /// <summary>Takes the answer of a request, or <see langword="null"/> where it has none.</summary>
    /// <param name="index">Its place in <see cref="Requests"/>.</param>
    /// <returns>The answer.</returns>
    public InferenceResponse? TakeResponse(int index)
    {
        var response = _responses[index];
        _responses[index] = null;
        return response;
    }

    /// <summary>Forgets the requests, and disposes the answers that nobody took.</summary>
    public void Clear()
    {
        foreach (var response in _responses)
        {
            response?.Dispose();
        }

        _requests.Clear();
        _responses.Clear();
        _rowCounts.Clear();
        Rows = 0;
    }

    /// <summary>Copies the rows of all requests into one that asks for every output.</summary>
    /// <returns>The request; the caller disposes it.</returns>
    public InferenceRequest Merge()
    {
        var tensors = new Tensor[_metadata.Inputs.Count];
        for (var index = 0; index < tensors.Length; index++)
        {
            tensors[index] = MergeInput(_metadata.Inputs[index].Name);
        }

        return new InferenceRequest(tensors);
    }

    /// <summary>Answers every request with its own rows of an answer to <see cref="Merge"/>.</summary>
    /// <param name="merged">The answer, with every output of the model; it stays the caller's to dispose.</param>
    /// <returns><see langword="false"/> where an output does not have the rows of all inputs: whose rows they are cannot be told then, and no request is answered.</returns>
    public bool TrySplit(InferenceResponse merged)
    {
        ArgumentNullException.ThrowIfNull(merged);
        foreach (var output in merged.Outputs)
        {
            if (output.Shape.IsEmpty || output.Shape[0] != Rows)
            {
                return false;
            }
        }

        for (var (index, first) = (0, 0); index < _requests.Count; index++)
        {
            Respond(index, Cut(merged, _requests[index].Outputs, first, _rowCounts[index]));
            first += _rowCounts[index];
        }

        return true;
    }

    /// <summary>Runs the batch as one request, for engines that cannot do better.</summary>
    /// <param name="runner">Runs the request.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns><see langword="null"/> where every request was answered, or why none was.</returns>
    public async ValueTask<InferenceError?> RunMergedAsync(IModelRunner runner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runner);
        using var merged = Merge();
        using var response = await runner.RunAsync(merged, cancellationToken);
        return response.Error ?? (TrySplit(response) ? null : InferenceErrors.ModelFailed);
    }

    /// <summary>Finds a tensor by its name.</summary>
    internal static Tensor? Find(IReadOnlyList<Tensor> tensors, string name)
    {
        for (var index = 0; index < tensors.Count; index++)
        {
            if (tensors[index].Name == name)
            {
                return tensors[index];
            }
        }

        return null;
    }

    private Tensor MergeInput(string name)
    {
        var first = Find(_requests[0].Inputs, name) ?? throw new InvalidOperationException($"The request has no input '{name}'.");
        var bytes = 0;
        foreach (var request in _requests)
        {
            bytes += Find(request.Inputs, name)?.Data.Length ?? 0;
        }

        var shape = first.Shape.ToArray();
        shape[0] = Rows;
        var merged = Tensor.Rent(name, first.DataType, shape, bytes, out var rest);
        foreach (var request in _requests)
        {
            var data = Find(request.Inputs, name)?.Data ?? default;
            data.CopyTo(rest);
            rest = rest[data.Length..];
        }

        return merged;
    }

    private static InferenceResponse Cut(InferenceResponse merged, IReadOnlyList<string> wanted, int first, int rows)
    {
        var tensors = new Tensor[wanted.Count == 0 ? merged.Outputs.Count : wanted.Count];
        for (var index = 0; index < tensors.Length; index++)
        {
            var output = wanted.Count == 0 ? merged.Outputs[index] : Find(merged.Outputs, wanted[index]);
            tensors[index] = (output ?? throw new InvalidOperationException($"The answer has no output '{wanted[index]}'.")).CutRows(first, rows);
        }

        return new InferenceResponse(tensors);
    }
}
