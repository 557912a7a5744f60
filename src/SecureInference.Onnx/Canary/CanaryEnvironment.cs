namespace SecureInference.Onnx.Canary;

/// <summary>The variables of the process that tries a model: those that .NET needs to start. What else the app was given may be its secrets.</summary>
internal static class CanaryEnvironment
{
    private const string Mark = "SECUREINFERENCE_CANARY";
    private const string Marked = "1";

    private static readonly string[] Needed =
    [
        "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "windir",
        "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "DOTNET_ROOT", "DOTNET_ROOT(x86)", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_ROOT_X86", "DOTNET_ROOT_ARM",
        "DOTNET_ROLL_FORWARD", "DOTNET_ROLL_FORWARD_TO_PRERELEASE", "DOTNET_BUNDLE_EXTRACT_BASE_DIR",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_EnableWriteXorExecute",
    ];

    /// <summary>Gets whether this process was started to try a model.</summary>
    public static bool IsCanary => Environment.GetEnvironmentVariable(Mark) == Marked;

    /// <summary>Puts the variables in place of those that the process would inherit.</summary>
    public static void Write(IDictionary<string, string?> variables)
    {
        variables.Clear();
        foreach (var name in Needed)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                variables[name] = value;
            }
        }

        variables[Mark] = Marked;
        // By its name, which is found where the app's own assemblies are, also in a single file. Hooks that the app was started with are not run.
        variables["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.GetName().Name;
        // No debugger, profiler or dump reaches the clear model.
        variables["DOTNET_EnableDiagnostics"] = "0";
        // One heap, not one for each processor.
        variables["DOTNET_gcServer"] = "0";
    }
}
