using SecureInference.Onnx.Canary;

/// <summary>What .NET calls before an app's own program, where this assembly is named as a startup hook: its name, namespace and method are .NET's.</summary>
internal static class StartupHook
{
    /// <summary>Tries a model in place of the app, and ends the process; does nothing in any other process.</summary>
    public static void Initialize()
    {
        if (CanaryEnvironment.IsCanary)
        {
            CanaryChild.RunAndExit();
        }
    }
}
