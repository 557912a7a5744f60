using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SecureInference.Onnx.Canary;

/// <summary>The app's own program, as it is started once more to try a model.</summary>
/// <param name="File">The program.</param>
/// <param name="Arguments">What .NET wants to be told; of the app's own arguments there are none.</param>
internal sealed record CanaryProgram(string File, IReadOnlyList<string> Arguments)
{
    private const string HooksSwitch = "System.StartupHookProvider.IsSupported";

    /// <summary>Finds the program of this process.</summary>
    /// <param name="obstacle">Why it cannot be started to try a model, and what to do.</param>
    [DynamicDependency(nameof(StartupHook.Initialize), typeof(StartupHook))]
    public static CanaryProgram? Find(out string obstacle)
    {
        // Where hooks do not run, the app itself would start a second time.
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            obstacle = "the app is compiled ahead of time, and can try nothing in a process of its own. Publish it without PublishAot";
            return null;
        }

        if (AppContext.TryGetSwitch(HooksSwitch, out var hasHooks) && !hasHooks)
        {
            obstacle = "startup hooks are switched off in this app, as trimming does it. Set StartupHookSupport to true in the app's project";
            return null;
        }

        return Find(Environment.ProcessPath, Environment.GetCommandLineArgs().FirstOrDefault(), Assembly.GetEntryAssembly()?.GetName().Name, out obstacle);
    }

    /// <summary>Finds the program of a process.</summary>
    /// <param name="process">The file of the process.</param>
    /// <param name="assembly">What the process names as its first argument.</param>
    /// <param name="entry">The name of the assembly that the app begins in.</param>
    /// <param name="obstacle">Why it cannot be started to try a model, and what to do.</param>
    internal static CanaryProgram? Find(string? process, string? assembly, string? entry, out string obstacle)
    {
        obstacle = $"the app runs in '{process ?? "a program that is not known"}', which would not start as this app. Start the app by its own program, or by 'dotnet' and its assembly";
        var name = Path.GetFileName(process);
        name = name?.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) == true ? name[..^".exe".Length] : name;
        if (process is null || name is null || entry is null)
        {
            return null;
        }

        return name == "dotnet" && assembly?.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) == true ? new CanaryProgram(process, [Path.GetFullPath(assembly)])
            // Any other, such as a web server that the app is loaded into, would begin with something else.
            : string.Equals(name, entry, StringComparison.OrdinalIgnoreCase) ? new CanaryProgram(process, [])
            : null;
    }

    /// <summary>Describes its start.</summary>
    public ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo(File, Arguments)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        CanaryEnvironment.Write(start.Environment);
        return start;
    }
}
