using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class RawRequestTests
{
    private static readonly byte[] Floats = Wire.Numbers(1.5f, -2f, 3f, 4f);

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task Infer_RawBodyOfTheRightSize_AnswersOneRowInBinary(int packet)
    {
        var answer = await SendAsync(FakeModel.Echo(), Floats, packet);

        answer.MustBeFine();
        Assert.Equal(Floats, answer.Binary);
        Assert.Equal("[1,4]", answer.Json.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
    }

    [Fact]
    public async Task Infer_RawBodyForAModelWithoutRows_IsTaken()
    {
        var answer = await SendAsync(Models.Echo(TensorDataType.Float32, 2, 2), Floats);

        Assert.Equal(Floats, answer.MustBeFine().Binary);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(32)]
    public async Task Infer_RawBodyOfAnotherSize_Returns400(int size)
    {
        var answer = await SendAsync(FakeModel.Echo(), new byte[size], packet: 8);

        answer.MustRefuse(400, "a raw request for input 'x' has exactly 16 bytes");
    }

    [Fact]
    public async Task Infer_RawBodyThatIsNotFinite_Returns400()
    {
        var answer = await SendAsync(FakeModel.Echo(), Wire.Numbers(1f, 2f, 3f, float.NaN));

        answer.MustRefuse(400, "not finite");
    }

    [Fact]
    public async Task Infer_RawBodyForAModelOfSeveralInputs_Returns400()
    {
        var answer = await SendAsync(Models.Three(), Floats);

        answer.MustRefuse(400, "A raw request needs a model with one input");
    }

    [Fact]
    public async Task Infer_RawBodyForAModelWhoseShapeIsNotKnown_Returns400()
    {
        var answer = await SendAsync(Models.Sink(TensorDataType.Float32, -1, -1, -1), Floats);

        answer.MustRefuse(400, "A raw request needs a model with one input");
    }

    [Fact]
    public async Task Infer_JsonWithHeaderLengthZero_IsNotReadAsJson()
    {
        var answer = await SendAsync(FakeModel.Echo(), Wire.Good());

        answer.MustRefuse(400, "a raw request");
    }

    private static Task<Answer> SendAsync(FakeModel model, byte[] body, int packet = int.MaxValue) =>
        Conversation.SendAsync(model, body, packet, static headers => headers["Inference-Header-Content-Length"] = "0");
}
