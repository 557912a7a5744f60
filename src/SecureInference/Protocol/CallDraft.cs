namespace SecureInference.Protocol;

/// <summary>A request while it is read. Whoever makes it disposes it, unless it was completed.</summary>
internal sealed class CallDraft(ICheckedModelRunner model, Caller? caller) : IDisposable
{
    private readonly List<string> _outputs = [];
    private readonly List<bool?> _binaryOutputs = [];

    public ICheckedModelRunner Model => model;

    public List<InputDraft> Inputs { get; } = [];

    public string? Id { get; set; }

    /// <summary>Gets or sets whether outputs travel in binary where the request says nothing of them.</summary>
    public bool BinaryByDefault { get; set; }

    public TimeSpan? Timeout { get; set; }

    public int? Priority { get; set; }

    /// <summary>Adds an output that is wanted; a name that is unknown or comes twice ends the reading.</summary>
    public InferenceError? AddOutput(string name, bool? isBinary)
    {
        if (model.Metadata.FindOutput(name) is null)
        {
            return InferenceErrors.UnexpectedOutput(name, model.Metadata.Name);
        }

        if (_outputs.Contains(name))
        {
            return InferenceErrors.Tensor($"output '{name}' is requested twice");
        }

        _outputs.Add(name);
        _binaryOutputs.Add(isBinary);
        return null;
    }

    /// <summary>Starts an input; it is given back with the call.</summary>
    public InputDraft AddInput()
    {
        var input = new InputDraft(model);
        Inputs.Add(input);
        return input;
    }

    /// <summary>Names an input; one that comes twice ends the reading.</summary>
    public InferenceError? Name(InputDraft draft, TensorSpec spec)
    {
        foreach (var other in Inputs)
        {
            if (ReferenceEquals(other.Spec, spec))
            {
                return InferenceErrors.Tensor($"input '{spec.Name}' is given twice");
            }
        }

        draft.Spec = spec;
        return null;
    }

    public InferenceError? Complete(out InferCall? call)
    {
        call = null;
        var tensors = new Tensor[Inputs.Count];
        for (var index = 0; index < tensors.Length; index++)
        {
            if (Inputs[index].Complete(out var tensor) is { } error)
            {
                return error;
            }

            tensors[index] = tensor;
        }

        var request = new InferenceRequest(tensors) { Outputs = _outputs, Timeout = Timeout, Caller = caller, Priority = Priority, IsAnnounced = true };
        call = new InferCall(request, Id, Forms());
        return null;
    }

    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input.Dispose();
        }
    }

    private bool[] Forms()
    {
        var forms = new bool[_outputs.Count == 0 ? model.Metadata.Outputs.Count : _outputs.Count];
        for (var index = 0; index < forms.Length; index++)
        {
            forms[index] = _outputs.Count == 0 ? BinaryByDefault : _binaryOutputs[index] ?? BinaryByDefault;
        }

        return forms;
    }
}
