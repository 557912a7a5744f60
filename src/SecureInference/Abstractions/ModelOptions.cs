namespace SecureInference;

/// <summary>The dials of one model.</summary>
public sealed class ModelOptions
{
    /// <summary>The rows that a request may have where <see cref="MaxBatchSize"/> says nothing.</summary>
    public const int DefaultMaxRows = 32;

    /// <summary>Gets or sets the model file; a relative path starts at the content root.</summary>
    public string Path { get; set; } = "";

    /// <summary>Gets or sets the most rows in one request, where the first dimension of the model's inputs varies.</summary>
    /// <value>The default is <see langword="null"/>: 32 rows.</value>
    public int? MaxBatchSize { get; set; }

    /// <summary>Gets or sets the most elements in one input tensor, where dimensions other than the first vary.</summary>
    /// <value>The default is 1,048,576.</value>
    public int MaxTensorElements { get; set; } = 1 << 20;

    /// <summary>Gets or sets the most bytes in one BYTES tensor, four for each element's length included.</summary>
    /// <value>The default is 1,048,576.</value>
    public int MaxBytesLength { get; set; } = 1 << 20;

    /// <summary>Gets or sets whether inputs may hold NaN and infinities.</summary>
    /// <value>The default is <see langword="false"/>: they are refused with 400.</value>
    public bool AllowNonFinite { get; set; }

    /// <summary>Gets or sets the device: <c>Auto</c>, <c>Cpu</c> or <c>Cuda</c>.</summary>
    /// <value>The default is <c>Auto</c>: CUDA where the native runtime has it and it starts, the CPU otherwise, which is logged.</value>
    public string Device { get; set; } = "Auto";

    /// <summary>Gets or sets the number of lanes: runs of this model that go on at once.</summary>
    /// <value>The default is <see langword="null"/>: the number of processors on a CPU, 2 on a GPU.</value>
    public int? Lanes { get; set; }

    /// <summary>Gets or sets the number of requests that may wait for a lane; one more is answered with 503.</summary>
    /// <value>The default is 128.</value>
    public int MaxQueueLength { get; set; } = 128;

    /// <summary>Gets or sets the most time that a request may spend waiting and running; then it is answered with 504.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<string> Problems(string path)
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            yield return $"{path}:Path is missing. Write the model's file, for example \"models/model.onnx\".";
        }

        foreach (var (property, value, least, most) in new (string, int?, int, int)[]
        {
            (nameof(MaxBatchSize), MaxBatchSize, 1, int.MaxValue),
            (nameof(MaxTensorElements), MaxTensorElements, 1, 1 << 28),
            (nameof(MaxBytesLength), MaxBytesLength, sizeof(int), 1 << 28),
            (nameof(Lanes), Lanes, 1, 1024),
            (nameof(MaxQueueLength), MaxQueueLength, 0, int.MaxValue),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{path}:{property} is {value}. Write {least} or more{(most == int.MaxValue ? "" : $", up to {most}")}.";
            }
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
        {
            yield return $"{path}:Timeout is {Timeout}. Write a time above zero, up to one day, for example 00:00:30.";
        }
    }
}
