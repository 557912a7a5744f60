using SecureInference.Onnx.Admission;

namespace SecureInference.Onnx;

/// <summary>What a model's options must be before its file is opened.</summary>
internal static class ModelOptionRules
{
    /// <exception cref="ModelLoadException">An option is out of its range; the message names it.</exception>
    public static void Require(string model, ModelOptions options)
    {
        var path = $"SecureInference:Models:{model}";
        if (options.Problems(path).FirstOrDefault() is { } problem)
        {
            throw new ModelLoadException(problem);
        }

        if (options.Admission.DisabledRules.FirstOrDefault(static rule => !IsSwitch(rule)) is { } unknown)
        {
            throw new ModelLoadException(
                $"{path}:Admission:DisabledRules has '{unknown}'. Write rules that can be switched off: {string.Join(", ", AdmissionRules.All.Values.Where(static rule => IsSwitch(rule.Id)).Select(static rule => rule.Id))}.");
        }

        if (!Path.IsPathFullyQualified(options.Path))
        {
            throw new ModelLoadException($"{path}:{nameof(options.Path)} is not an absolute path. Write the path of the model file.");
        }

        if (!IsDevice(options.Device, Devices.Auto) && !IsDevice(options.Device, Devices.Cpu) && !IsDevice(options.Device, Devices.Cuda))
        {
            throw new ModelLoadException(
                $"{path}:{nameof(options.Device)} is '{options.Device}'. Write {Devices.Auto}, {Devices.Cpu} or {Devices.Cuda}.");
        }
    }

    private static bool IsSwitch(string rule) => AdmissionRules.All.TryGetValue(rule, out var known) && known.Weight is RuleWeight.Both or RuleWeight.StrictOnly;

    public static bool IsDevice(string device, string expected) => string.Equals(device, expected, StringComparison.OrdinalIgnoreCase);
}
