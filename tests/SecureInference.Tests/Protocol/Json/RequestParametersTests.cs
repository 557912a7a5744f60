using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol.Json;

public class RequestParametersTests
{
    [Theory]
    [InlineData("""{"headers":{"x":"y"}}""", "reserved")]
    [InlineData("""{"headers":"x"}""", "reserved")]
    [InlineData("""{"triton_enable_empty_final_response":true}""", "reserved")]
    [InlineData("""{"\u0074riton_x":1}""", "reserved")]
    [InlineData("""{"triton_":1}""", "reserved")]
    [InlineData("""{"sequence_id":1}""", "Sequences")]
    [InlineData("""{"sequence_id":"abc"}""", "Sequences")]
    [InlineData("""{"binary_data_output":1}""", "binary_data_output")]
    [InlineData("""{"binary_data_output":"true"}""", "binary_data_output")]
    [InlineData("""{"binary_data_output":{}}""", "binary_data_output")]
    [InlineData("""{"timeout":-1}""", "timeout")]
    [InlineData("""{"timeout":1.5}""", "timeout")]
    [InlineData("""{"timeout":"5000"}""", "timeout")]
    [InlineData("""{"timeout":9223372036854775808}""", "timeout")]
    [InlineData("""[]""", "parameters must be a JSON object")]
    [InlineData("""1""", "parameters must be a JSON object")]
    public async Task Infer_ParameterThatIsNotServed_Returns400(string parameters, string because)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($",\"parameters\":{parameters}"), packet: 2);

        answer.MustRefuse(400, because);
    }

    [Theory]
    [InlineData("""{"priority":1,"timeout":5000000}""")]
    [InlineData("""{"timeout":0}""")]
    [InlineData("""{"timeout":null,"binary_data_output":null}""")]
    [InlineData("""{"timeout":9223372036854775807}""")]
    [InlineData("""{"binary_data_output":false}""")]
    [InlineData("""{"Headers":1,"header":2,"triton":3,"tritonserver":4}""")]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    public async Task Infer_OtherParameters_AreTaken(string parameters)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($",\"parameters\":{parameters}"), packet: 2);

        answer.MustBeFine();
        Assert.Equal("[1,2,3,4]", answer.Data());
    }

    [Theory]
    [InlineData("5000000", 5_000_000L)]
    [InlineData("9223372036854775807", 24L * 60 * 60 * 1_000_000)]
    [InlineData("0", null)]
    public async Task Infer_Timeout_IsReadAsMicrosecondsUpToADay(string timeout, long? microseconds)
    {
        TimeSpan? received = null;
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [1])],
            (request, _) =>
            {
                received = request.Timeout;
                return ValueTask.FromResult(new InferenceResponse(Tensor.Create("y", [1], [1f])));
            });

        var answer = await Conversation.SendAsync(model, Wire.Good($$""","parameters":{"timeout":{{timeout}}}"""));

        answer.MustBeFine();
        Assert.Equal(microseconds, received is null ? null : (long)received.Value.TotalMicroseconds);
    }

    [Theory]
    [InlineData("shared_memory_region")]
    [InlineData("\\u0073hared_memory_region")]
    public async Task Infer_SharedMemory_IsRefusedForInputsAndOutputs(string name)
    {
        var input = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(
            $$$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"parameters":{"{{{name}}}":"r","shared_memory_byte_size":16}}]}"""));
        var output = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($$$""","outputs":[{"name":"y","parameters":{"{{{name}}}":"r"}}]"""));

        input.MustRefuse(400, "Shared memory is not supported.");
        output.MustRefuse(400, "Shared memory is not supported.");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2147483648")]
    [InlineData("-1")]
    [InlineData("\"2\"")]
    public async Task Infer_Classification_IsRefused(string count)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($$$""","outputs":[{"name":"y","parameters":{"classification":{{{count}}}}}]"""));

        answer.MustRefuse(400, "Classification is not supported.");
    }

    [Theory]
    [InlineData("\"7\"", "\"7\"")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"ä \\u0001\\\"\\\\ 𝄞\"", "\"ä \\u0001\\u0022\\\\ \\uD834\\uDD1E\"")]
    public async Task Infer_Id_IsEchoed(string id, string echo)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($",\"id\":{id}"), packet: 1);

        answer.MustBeFine();
        Assert.Equal(echo, answer.Json.GetProperty("id").GetRawText());
    }

    [Fact]
    public async Task Infer_IdOf256Characters_IsEchoedAndALongerOneReturns400()
    {
        var longest = new string('€', 256);

        var echoed = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($",\"id\":\"{longest}\""));
        var refused = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($",\"id\":\"{longest}a\""));

        Assert.Equal(longest, echoed.MustBeFine().Json.GetProperty("id").GetString());
        refused.MustRefuse(400, "id is longer");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[\"a\"]")]
    public async Task Infer_IdThatIsNoString_Returns400(string id)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good($",\"id\":{id}"));

        answer.MustRefuse(400, "id must be a string");
    }
}
