using SecureInference.Pipeline.Validation;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Validation;

public sealed class ValidatingModelRunnerTests
{
    private readonly FakeModel _model = FakeModel.Echo();

    [Fact]
    public async Task RunAsync_RequestOfTheSignature_Runs()
    {
        using var request = new InferenceRequest(Tensor.Create<float>("x", [1, 4], [1, 2, 3, 4]));

        using var response = await CreateSut().RunAsync(request, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccess);
        Assert.Equal(1, _model.Runs);
    }

    [Fact]
    public async Task RunAsync_OtherRequest_IsRefusedAndRunsNothing()
    {
        using var request = new InferenceRequest(Tensor.Create<float>("x", [1, 4], [1, 2, 3, float.NaN]));

        using var response = await CreateSut().RunAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(InferenceErrorCode.TensorInvalid, response.Error?.Code);
        Assert.Equal(0, _model.Runs);
    }

    private ValidatingModelRunner CreateSut() => new(_model, Some.Part<ValidationTelemetry>());
}
