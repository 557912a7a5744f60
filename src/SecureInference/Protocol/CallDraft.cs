using SecureInference.Protocol.Json;

namespace SecureInference.Protocol;

/// <summary>A request while it is read, and the call that it becomes; it serves a connection's requests one after the other.</summary>
internal sealed class CallDraft : IDisposable
{
    private List<string> _outputs = [];
    private readonly List<bool?> _binaryOutputs = [];
    private readonly List<bool> _forms = [];
    private readonly Stack<InputDraft> _spare = [];
    private readonly RequestPart _part;
    private List<Tensor> _tensors = [];
    private InferCall? _call;
    private InferenceResponse? _answer;
    private ICheckedModelRunner? _model;
    private Caller? _caller;
    private bool _isHandedOver;

    public CallDraft() => _part = new RequestPart(this);

    public ICheckedModelRunner Model => _model ?? throw new InvalidOperationException("The draft is not in use.");

    public List<InputDraft> Inputs { get; } = [];

    public string? Id { get; set; }

    /// <summary>Gets or sets whether outputs travel in binary where the request says nothing of them.</summary>
    public bool BinaryByDefault { get; set; }

    public TimeSpan? Timeout { get; set; }

    public int? Priority { get; set; }

    /// <summary>Begins with a request; <see cref="End"/> has forgotten the one before.</summary>
    public void Begin(ICheckedModelRunner model, Caller? caller)
    {
        _model = model;
        _caller = caller;
    }

    /// <summary>Returns what reads the request's JSON, at its beginning.</summary>
    public JsonPart BeginJson()
    {
        _part.Begin();
        return _part;
    }

    /// <summary>Adds an output that is wanted; a name that is unknown or comes twice ends the reading.</summary>
    public InferenceError? AddOutput(string name, bool? isBinary)
    {
        if (Model.Metadata.FindOutput(name) is null)
        {
            return InferenceErrors.UnexpectedOutput(name, Model.Metadata.Name);
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
        var input = _spare.TryPop(out var again) ? again : new InputDraft(this);
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
        foreach (var input in Inputs)
        {
            if (input.Complete(out var tensor) is { } error)
            {
                return error;
            }

            _tensors.Add(tensor);
        }

        call = _call ??= new InferCall(new InferenceRequest(_tensors) { IsAnnounced = true }, id: null, _forms);
        call.Id = Id;
        call.Request.Become(_tensors, _outputs, Timeout, _caller, Priority, Model.ForgetsRequests ? _answer ??= new InferenceResponse() : null);
        WriteForms();
        _isHandedOver = true;
        return null;
    }

    /// <summary>Gives back what the request holds.</summary>
    public void Dispose()
    {
        foreach (var input in Inputs)
        {
            input.Dispose();
        }
    }

    /// <summary>Forgets the request: every field, since what is left of one caller must not reach the next.</summary>
    /// <param name="isOver">Whether the run, if there was one, has ended as runs do; nobody knows who holds what of another.</param>
    public void End(bool isOver)
    {
        // Once it was made, the request gives its memory back: a run that its caller has left may still read it.
        var isFree = !_isHandedOver || _call?.Request.TryEnd() == true;
        var keeps = isOver && isFree && _model?.ForgetsRequests == true;
        foreach (var input in Inputs)
        {
            input.End(keeps, _isHandedOver);
            _spare.Push(input);
        }

        Inputs.Clear();
        Forget(keeps);
        _isHandedOver = false;
        _binaryOutputs.Clear();
        _forms.Clear();
        Id = null;
        BinaryByDefault = false;
        Timeout = null;
        Priority = null;
        _model = null;
        _caller = null;
    }

    private void Forget(bool keeps)
    {
        if (keeps)
        {
            _call?.Request.Become([], [], timeout: null, caller: null, priority: null, answer: null);
            _answer?.Clear();
            _tensors.Clear();
            _outputs.Clear();
            return;
        }

        // An engine of the app's own may hold on to its request, and finds it as it was.
        _call = null;
        _answer = null;
        _tensors = [];
        _outputs = [];
    }

    private void WriteForms()
    {
        var count = _outputs.Count == 0 ? Model.Metadata.Outputs.Count : _outputs.Count;
        for (var index = 0; index < count; index++)
        {
            _forms.Add(_outputs.Count == 0 ? BinaryByDefault : _binaryOutputs[index] ?? BinaryByDefault);
        }
    }
}
