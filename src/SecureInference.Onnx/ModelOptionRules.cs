namespace SecureInference.Onnx;

/// <summary>What a model's options must be before its file is opened.</summary>
internal static class ModelOptionRules
{
    /// <summary>A lane owns a thread and up to 4 MiB: more than this is a slip of the keyboard.</summary>
    private const int MostLanes = 1024;

    /// <summary>The longest that a timer waits.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <exception cref="ModelLoadException">An option is out of its range; the message names it.</exception>
    public static void Require(string model, ModelOptions options)
    {
        Require(Path.IsPathFullyQualified(options.Path), model, nameof(options.Path), "is not an absolute path", "Write the path of the model file.");
        RequireDevice(model, options.Device);
        RequireAtLeastOne(model, nameof(options.MaxBatchSize), options.MaxBatchSize ?? 1);
        RequireAtLeastOne(model, nameof(options.MaxTensorElements), options.MaxTensorElements);
        RequireAtLeastOne(model, nameof(options.MaxBytesLength), options.MaxBytesLength);
        RequireAtLeastOne(model, nameof(options.Lanes), options.Lanes ?? 1);
        Require(options.Lanes is null or <= MostLanes, model, nameof(options.Lanes), $"is {options.Lanes}", $"Write at most {MostLanes}.");
        Require(options.MaxQueueLength >= 0, model, nameof(options.MaxQueueLength), $"is {options.MaxQueueLength}", "Write 0 or more.");
        Require(
            options.Timeout > TimeSpan.Zero && options.Timeout <= LongestTimeout,
            model,
            nameof(options.Timeout),
            $"is {options.Timeout}",
            "Write a time above zero and of at most 24 days, for example \"00:00:30\".");
    }

    public static bool IsDevice(string device, string expected) => string.Equals(device, expected, StringComparison.OrdinalIgnoreCase);

    private static void RequireDevice(string model, string device) => Require(
        IsDevice(device, Devices.Auto) || IsDevice(device, Devices.Cpu) || IsDevice(device, Devices.Cuda),
        model,
        nameof(ModelOptions.Device),
        $"is '{device}'",
        $"Write {Devices.Auto}, {Devices.Cpu} or {Devices.Cuda}.");

    private static void RequireAtLeastOne(string model, string property, int value) =>
        Require(value >= 1, model, property, $"is {value}", "Write 1 or more, or leave it out.");

    private static void Require(bool holds, string model, string property, string isWhat, string write)
    {
        if (!holds)
        {
            throw new ModelLoadException($"Models:{model}:{property} {isWhat}. {write}");
        }
    }
}
