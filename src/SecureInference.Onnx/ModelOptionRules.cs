using SecureInference.Onnx.Admission;
using SecureInference.Onnx.Devices;

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

        if (DeviceChoice.TryParse(options.Device) is not { } choice)
        {
            throw new ModelLoadException($"{path}:{nameof(options.Device)} is '{options.Device}'. Write {DeviceChoice.Forms}.");
        }

        if (options.RequireGpu && choice.Kind == DeviceKind.Cpu)
        {
            throw new ModelLoadException($"{path}:{nameof(options.RequireGpu)} is true, but Device is {options.Device}. Write Auto or Cuda for Device, or remove RequireGpu.");
        }
    }

    private static bool IsSwitch(string rule) => AdmissionRules.All.TryGetValue(rule, out var known) && known.Weight is RuleWeight.Both or RuleWeight.StrictOnly;
}
