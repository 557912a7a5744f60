namespace SecureInference.Onnx.Tests;

public sealed class NativeHeapTests
{
    [Fact]
    public void CanTrim_WhereTheLibraryOfCIsGnus_IsTrue()
    {
        var isGnu = OperatingSystem.IsLinux() && File.Exists("/proc/self/maps") && File.ReadAllText("/proc/self/maps").Contains("/libc.so.6", StringComparison.Ordinal);

        Assert.Equal(isGnu, NativeHeap.CanTrim);
    }

    [Fact]
    public async Task Trim_FromSeveralThreads_ComesBack() => await Task.WhenAll(Enumerable.Range(0, 4).Select(static _ => Task.Run(NativeHeap.Trim)));
}
