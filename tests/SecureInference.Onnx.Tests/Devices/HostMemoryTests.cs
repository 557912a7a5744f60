using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Devices;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Devices;

public sealed class HostMemoryTests
{
    [Fact]
    public void TryPin_SessionHasNoGpu_TakesTheOrdinaryKind()
    {
        using var session = new InferenceSession(OnnxModels.Scalar());

        using var sut = HostMemory.TryPin(session, card: 0);

        Assert.False(sut.IsPinned);
        Assert.Same(OrtAllocator.DefaultInstance, sut.Allocator);
    }
}
