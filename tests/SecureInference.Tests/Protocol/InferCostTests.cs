using Microsoft.AspNetCore.Http;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

/// <summary>What a request is said to cost, whatever its sender would like it to.</summary>
public sealed class InferCostTests
{
    private readonly Meter _meter = new();

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[3],"data":[1,2,3]},{"name":"scale","datatype":"FP32","shape":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"scale","datatype":"FP32","shape":[1],"data":[1]},{"name":"x","datatype":"FP32","shape":[3],"data":[1,2,3]}]}""")]
    public async Task Infer_InputWithoutRows_HidesNoneOfTheOthers(string body)
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1]), new TensorSpec("scale", TensorDataType.Float32, [1])],
            [new TensorSpec("y", TensorDataType.Float32, [1])],
            static (_, _) => ValueTask.FromResult(new InferenceResponse(Tensor.Create<float>("y", [1], [1]))));

        var answer = await Conversation.SendAsync(model, new PacketReader(Wire.Utf8(body), static () => int.MaxValue), charge: _meter);

        Assert.Equal(200, answer.Status);
        Assert.Equal((3, body.Length), (_meter.Rows, _meter.Bytes));
    }

    private sealed class Meter : IRequestCharge
    {
        public int Rows { get; private set; }

        public long Bytes { get; private set; }

        public ValueTask<InferenceError?> SettleAsync(HttpContext http, int rows, long bytes)
        {
            Rows += rows;
            Bytes += bytes;
            return default;
        }

        public long Tokens => 0;

        public void GiveBack(HttpContext http)
        {
        }

        public void End()
        {
        }
    }
}
