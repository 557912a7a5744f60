namespace SecureInference.Onnx.Tests;

public sealed class NativeRuntimeTests
{
    [Fact]
    public void GetProviders_NativeLibraryPresent_ListsTheCpu() =>
        Assert.Contains("CPUExecutionProvider", NativeRuntime.GetProviders());

    [Fact]
    public void Explain_NativeLibraryMissing_NamesThePackagesAndTheVersion()
    {
        var failure = new TypeInitializationException("NativeMethods", new DllNotFoundException("libonnxruntime"));

        var explanation = NativeRuntime.Explain(failure)?.Message;

        Assert.Contains("add the package Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu, version 1.", explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_NativeLibraryTooOld_SaysWhichVersionIsWanted()
    {
        var cause = new InvalidOperationException("The onnxruntime library does not support API version 31.");

        var explanation = NativeRuntime.Explain(new TypeInitializationException("NativeMethods", cause))?.Message;

        Assert.Contains("of another version than the managed library, which wants 1.", explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_EntryPointMissing_SaysWhichVersionIsWanted() =>
        Assert.Contains("which wants 1.", NativeRuntime.Explain(new EntryPointNotFoundException())?.Message, StringComparison.Ordinal);

    [Fact]
    public void Explain_AnythingElse_IsNotExplained() =>
        Assert.Null(NativeRuntime.Explain(new InvalidOperationException("The sky is falling.")));
}
