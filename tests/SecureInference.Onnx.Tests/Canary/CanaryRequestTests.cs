using SecureInference.Onnx.Canary;

namespace SecureInference.Onnx.Tests.Canary;

public sealed class CanaryRequestTests
{
    [Fact]
    public async Task Read_WhatWasWritten_IsTheSame()
    {
        var files = new Dictionary<string, byte[]> { ["a/b.bin"] = [4, 5], ["ä.bin"] = [] };
        using var content = Trial.Content([1, 2, 3], "digest", files);
        var options = Trial.Options(static options => (options.Lanes, options.Arena, options.CanaryMaxBytes, options.Admission.DisabledRules) = (3, false, 1L << 40, ["ONNX-D1"]));
        options.Contract = new ModelContractOptions();
        options.Contract.Inputs["x"] = new TensorContractOptions { Shape = [-1, 4] };
        using var stream = new MemoryStream();

        await CanaryRequest.WriteAsync(stream, "digits", "nonce", options, content, TestContext.Current.CancellationToken);
        stream.Position = 0;
        var request = CanaryRequest.Read(stream);
        using var read = request.ReadContent(stream);

        Assert.Equal(stream.Length, stream.Position);
        Assert.Equal(("digits", "nonce", 5), (request.Model, request.Nonce, request.Size));
        Assert.Equal((3, false, 1L << 40, "ONNX-D1"), (request.Options.Lanes, request.Options.Arena, request.Options.CanaryMaxBytes, request.Options.Admission.DisabledRules.Single()));
        Assert.Equal([-1, 4], request.Options.Contract!.Inputs["x"].Shape);
        Assert.Equal([1, 2, 3], read.Model);
        Assert.Equal(files, read.Files);
    }

    [Fact]
    public async Task Read_CutOff_Throws()
    {
        using var content = Trial.Content([1, 2, 3]);
        using var stream = new MemoryStream();
        await CanaryRequest.WriteAsync(stream, "digits", "nonce", Trial.Options(), content, TestContext.Current.CancellationToken);
        stream.SetLength(stream.Length - 1);
        stream.Position = 0;

        Assert.Throws<EndOfStreamException>(() => CanaryRequest.Read(stream).ReadContent(stream));
    }

    [Fact]
    public void KeyOf_TwoModelsOfOneFolder_Differ()
    {
        using var one = Trial.Content([1, 2], "digest", new Dictionary<string, byte[]> { ["two.onnx"] = [3, 4] });
        using var two = Trial.Content([3, 4], "digest", new Dictionary<string, byte[]> { ["one.onnx"] = [1, 2] });

        Assert.NotEqual(CanaryRequest.KeyOf(Trial.Options(), one), CanaryRequest.KeyOf(Trial.Options(), two));
    }
}
