using System.Diagnostics;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx.Canary;

/// <summary>The process that tries a model: reads it, loads it on the CPU, runs it once, and says how that went.</summary>
internal static class CanaryChild
{
    /// <summary>Said before anything is asked for: a program that does not say it is sent no model.</summary>
    public const string Greeting = "secure-inference-canary 1";

    /// <summary>What ONNX Runtime says where it is given no memory.</summary>
    private static readonly string[] MemoryTexts = ["bad_alloc", "bad allocation", "Failed to allocate memory", "out of memory"];

    public static void RunAndExit()
    {
        CanaryLimits.Harden();
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        Say(output, Greeting);
        var request = CanaryRequest.Read(input);
        CanaryLimits.LimitMemory(CanaryLimits.MemoryOf(request.Options, request.Size));
        Say(output, Try(request, input).Write(request.Nonce));
        Environment.Exit(0);
    }

    private static CanaryVerdict Try(CanaryRequest request, Stream input)
    {
        try
        {
            using var content = request.ReadContent(input);
            EndWithTheApp(input);
            Load(request, content);
            return new CanaryVerdict(CanaryOutcome.Passed);
        }
        catch (Exception failure) when (IsMemory(failure))
        {
            return new CanaryVerdict(CanaryOutcome.OutOfMemory);
        }
        catch (ModelLoadException failure)
        {
            return new CanaryVerdict(CanaryOutcome.Refused, failure.Message);
        }
    }

    private static void Load(CanaryRequest request, ModelContent content)
    {
        using var opened = new SessionOpener(request.Model, request.Options).OpenOnCpu(content, CancellationToken.None);
        var metadata = SignatureReader.Read(request.Model, request.Options, content.Digest, content.Size, opened.Session);
        // ONNX Runtime has its own by now.
        content.Dispose();
        var plan = new RunPlan(static () => { });
        using var lane = new Lane(opened.Session, metadata, layout: null, plan, TimeProvider.System);
        try
        {
            new WarmUp(lane, metadata, layout: null, plan, CancellationToken.None).Run();
        }
        catch (OnnxRuntimeException failure) when (!IsMemory(failure))
        {
            // Some models refuse ones, and are served all the same.
        }
    }

    private static bool IsMemory(Exception failure) =>
        failure is OutOfMemoryException
        || (failure is OnnxRuntimeException && Array.Exists(MemoryTexts, text => failure.Message.Contains(text, StringComparison.OrdinalIgnoreCase)))
        || (failure.InnerException is { } cause && IsMemory(cause));

    // The app sends nothing more, and closes the pipe by ending, however it ends.
    private static void EndWithTheApp(Stream input) => new Thread(() =>
    {
        _ = input.ReadByte();
        using var self = Process.GetCurrentProcess();
        self.Kill();
    })
    {
        IsBackground = true,
        Name = "SecureInference canary",
    }.Start();

    private static void Say(Stream output, string line)
    {
        output.Write(Encoding.UTF8.GetBytes(line + '\n'));
        output.Flush();
    }
}
