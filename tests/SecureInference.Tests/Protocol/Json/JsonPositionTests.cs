using System.Globalization;
using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol.Json;

/// <summary>Callers are told where their JSON is broken, also behind numbers that were not read token by token.</summary>
public class JsonPositionTests
{
    [Theory]
    [InlineData("[1,2,3,4]x")]
    [InlineData("[1,2,3,x]")]
    [InlineData("[1,\n2,3,\n 4,,5]")]
    [InlineData("[1,\n2,3,\n 4]]")]
    [InlineData("[[1,2],\n[3,4]]\n}")]
    [InlineData("[1,2,3,01]")]
    [InlineData("[1,2,3,4.]")]
    [InlineData("[1,2,3,4]} 5")]
    public async Task Infer_BrokenBehindNumbers_IsToldWhere(string data)
    {
        var text = $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":{{data}}}""";
        var error = Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
        var place = string.Create(CultureInfo.InvariantCulture, $"(line {error.LineNumber + 1}, byte {error.BytePositionInLine})");

        foreach (var packet in new[] { int.MaxValue, 64, 7, 1 })
        {
            var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(text), packet: packet);

            answer.MustRefuse(400, place);
        }
    }
}
