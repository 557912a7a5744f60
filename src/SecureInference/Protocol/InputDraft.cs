using System.Diagnostics.CodeAnalysis;
using SecureInference.Protocol.Json;

namespace SecureInference.Protocol;

/// <summary>One input while it is read.</summary>
internal sealed class InputDraft(ICheckedModelRunner model) : IDisposable
{
    private Tensor? _tensor;

    public ModelLimits Limits => model.Metadata.Limits;

    public TensorSpec? Spec { get; set; }

    public string Name => Spec?.Name ?? "";

    public TensorDataType? DataType { get; set; }

    public long[]? Shape { get; set; }

    /// <summary>Gets or sets the bytes of the input's binary part, where it has one.</summary>
    public long? BinarySize { get; set; }

    /// <summary>Gets or sets the writer that JSON data goes to, once there is some and everything about it is known.</summary>
    public JsonTensorReader? Data { get; set; }

    /// <summary>Gets or sets data that came before what tells how to read it.</summary>
    public DeferredData? Deferred { get; set; }

    /// <summary>Gets whether memory can be rented: the name, the type and the shape are known.</summary>
    public bool IsDescribed => Spec is not null && DataType is not null && Shape is not null;

    /// <summary>Checks the description against the signature; nothing is rented before.</summary>
    public InferenceError? CheckDescription()
    {
        if (Spec is null || DataType is null || Shape is null)
        {
            return InferenceErrors.Payload($"input '{Name}' lacks {(Spec is null ? "name" : DataType is null ? "datatype" : "shape")}");
        }

        return model.CheckHead(Spec, DataType.Value, Shape);
    }

    /// <summary>Reads the binary part.</summary>
    public async ValueTask<InferenceError?> ReadBinaryAsync(RequestBody body, CancellationToken cancellationToken)
    {
        if (CheckDescription() is { } error)
        {
            return error;
        }

        var size = BinarySize.GetValueOrDefault();
        var isBytes = DataType == TensorDataType.Bytes;
        var expected = isBytes ? model.Metadata.Limits.MaxBytesLength : Tensor.CountElements(Shape) * DataType.GetValueOrDefault().GetElementSize();
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

        using var memory = new GrowingMemory((int)size);
        while (memory.Length < size)
        {
            // Grows with what has come: a header alone must not make the server rent what it promises.
            if (!await body.TryFillAsync(memory.Extend(), cancellationToken))
            {
                return InferenceErrors.Payload($"The body ends before the binary data of input '{Name}' does.");
            }
        }

        _tensor = memory.ToTensor(Name, DataType.GetValueOrDefault(), Shape ?? []);
        return null;
    }

    /// <summary>Hands the tensor over.</summary>
    public InferenceError? Complete([NotNull] out Tensor? tensor)
    {
        tensor = _tensor ??= Data?.ToTensor();
#pragma warning disable CS8777 // Whoever gets an error does not look at the tensor.
        return tensor is null ? CheckDescription() ?? InferenceErrors.Payload($"input '{Name}' has no data") : null;
#pragma warning restore CS8777
    }

    public void Dispose()
    {
        _tensor?.Return();
        Data?.Dispose();
        Deferred?.Dispose();
    }
}
