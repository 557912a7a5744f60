using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecureInference.Protocol.Json;

namespace SecureInference.Protocol;

/// <summary>One input while it is read; it serves later requests' inputs again.</summary>
internal sealed class InputDraft : IDisposable
{
    private readonly CallDraft _call;
    private readonly JsonTensorReader _reader = new();
    private readonly GrowingMemory _memory = new(0);
    private DeferredData? _deferredAgain;
    private Tensor? _tensor;
    private Tensor? _tensorAgain;
    private long[]? _shapeAgain;

    public InputDraft(CallDraft call)
    {
        _call = call;
        Part = new InputPart(call, this);
    }

    /// <summary>Gets what reads it where it travels as JSON.</summary>
    public InputPart Part { get; }

    public ModelLimits Limits => Model.Metadata.Limits;

    public TensorSpec? Spec { get; set; }

    public string Name => Spec?.Name ?? "";

    public TensorDataType? DataType { get; set; }

    public long[]? Shape { get; private set; }

    /// <summary>Gets or sets the bytes of the input's binary part, where it has one.</summary>
    public long? BinarySize { get; set; }

    /// <summary>Gets the writer that JSON data goes to, once there is some and everything about it is known.</summary>
    public JsonTensorReader? Data { get; private set; }

    /// <summary>Gets data that came before what tells how to read it.</summary>
    public DeferredData? Deferred { get; private set; }

    /// <summary>Gets whether memory can be rented: the name, the type and the shape are known.</summary>
    public bool IsDescribed => Spec is not null && DataType is not null && Shape is not null;

    private ICheckedModelRunner Model => _call.Model;

    public void SetShape(ReadOnlySpan<long> shape)
    {
        // The array of the request before, whose tensors are nobody's any more.
        var again = _shapeAgain;
        _shapeAgain = null;
        Shape = again is not null && again.Length == shape.Length ? again : new long[shape.Length];
        shape.CopyTo(Shape);
    }

    public JsonTensorReader BeginData()
    {
        _reader.Begin(this);
        return Data = _reader;
    }

    public DeferredData BeginDeferred() => Deferred = _deferredAgain ??= new DeferredData();

    /// <summary>Checks the description against the signature; nothing is rented before.</summary>
    public InferenceError? CheckDescription()
    {
        if (Spec is null || DataType is null || Shape is null)
        {
            return InferenceErrors.Payload($"input '{Name}' lacks {(Spec is null ? "name" : DataType is null ? "datatype" : "shape")}");
        }

        return Model.CheckHead(Spec, DataType.Value, Shape);
    }

    /// <summary>Reads the binary part.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InferenceError?> ReadBinaryAsync(RequestBody body, CancellationToken cancellationToken)
    {
        if (CheckDescription() is { } error)
        {
            return error;
        }

        var size = BinarySize.GetValueOrDefault();
        var isBytes = DataType == TensorDataType.Bytes;
        var expected = isBytes ? Limits.MaxBytesLength : Tensor.CountElements(Shape) * DataType.GetValueOrDefault().GetElementSize();
        if (isBytes ? size < 0 || size > expected : size != expected)
        {
            return InferenceErrors.Tensor(isBytes
                ? $"binary_data_size of input '{Name}' is {size}; at most {expected} bytes are taken"
                : $"binary_data_size of input '{Name}' is {size}; its shape and datatype need {expected}");
        }

        if (size > Array.MaxLength)
        {
            return InferenceErrors.BodyTooLarge;
        }

        _memory.Begin((int)size);
        while (_memory.Length < size)
        {
            // Grows with what has come: a header alone must not make the server rent what it promises.
            if (!await body.TryFillAsync(_memory.Extend(), cancellationToken))
            {
                return InferenceErrors.Payload($"The body ends before the binary data of input '{Name}' does.");
            }
        }

        _tensor = _memory.ToTensor(Name, DataType.GetValueOrDefault(), Shape ?? [], TakeTensor());
        return null;
    }

    /// <summary>Hands the tensor over.</summary>
    public InferenceError? Complete([NotNull] out Tensor? tensor)
    {
        tensor = _tensor ??= Data?.ToTensor(TakeTensor());
#pragma warning disable CS8777 // Whoever gets an error does not look at the tensor.
        return tensor is null ? CheckDescription() ?? InferenceErrors.Payload($"input '{Name}' has no data") : null;
#pragma warning restore CS8777
    }

    /// <summary>Gives back what it holds.</summary>
    public void Dispose()
    {
        _tensor?.Return();
        _memory.Dispose();
        _reader.Dispose();
        _deferredAgain?.Dispose();
    }

    /// <summary>Forgets the input: every field, since what is left of one request must not reach the next.</summary>
    /// <param name="keeps">Whether nobody else holds its tensor any more, so that it may serve again.</param>
    /// <param name="isHandedOver">Whether its tensor is the request's to give back.</param>
    public void End(bool keeps, bool isHandedOver)
    {
        var tensor = _tensor;
        _tensor = isHandedOver ? null : tensor;
        Dispose();
        _tensorAgain = keeps ? tensor ?? _tensorAgain : null;
        _shapeAgain = keeps ? Shape : null;
        _tensor = null;
        Spec = null;
        DataType = null;
        Shape = null;
        BinarySize = null;
        Data = null;
        Deferred = null;
    }

    private Tensor? TakeTensor()
    {
        var again = _tensorAgain;
        _tensorAgain = null;
        return again;
    }
}
