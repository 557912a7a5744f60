using System.Buffers;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class PooledMemoryTests
{
    private const string Secret = "s3cr3t-payload-";

    [Fact]
    public async Task Infer_DataLast_GivesItsMemoryBack() => await MustGiveBackAsync(FakeModel.Echo(), Wire.Good(), status: 200);

    [Fact]
    public async Task Infer_DataFirst_GivesItsMemoryBack() => await MustGiveBackAsync(
        FakeModel.Echo(), Wire.Utf8("""{"inputs":[{"data":[1,2,3,4],"name":"x","datatype":"FP32","shape":[1,4]}]}"""), status: 200);

    [Theory]
    [InlineData("""{"inputs":[{"data":[1,2,3,4],"name":"x","datatype":"FP32","shape":[1,5]}]}""")]
    [InlineData("""{"inputs":[{"data":[1,2,3,4]""")]
    [InlineData("""{"inputs":[{"data":[1,2,3,4],"parameters":{"binary_data_size":16}}]}""")]
    [InlineData("""{"inputs":[{"data":[1,2,3,4],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,"4"]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]},{"name":"x"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}],"outputs":[{}]}""")]
    [InlineData("""{"inputs":[{"data":["\ud800"],"name":"x","datatype":"FP32","shape":[1,4]}]}""")]
    public async Task Infer_Refused_GivesItsMemoryBack(string json) => await MustGiveBackAsync(FakeModel.Echo(), Wire.Utf8(json), status: 400);

    [Fact]
    public async Task Infer_BinaryCutShort_GivesItsMemoryBack()
    {
        using var memory = RentedMemory.Watch();

        var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), Wire.BinaryHead("FP32", "[1,4]", "16"), new byte[15]);

        answer.MustRefuse(400);
        Assert.Equal(0, memory.Outstanding);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","datatype":"BYTES","shape":[2],"data":["@"]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["@",1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"BYTES","shape":[2],"data":["@",1]}]}""")]
    [InlineData("""{"inputs":[{"data":["@"],"name":"x","datatype":"BYTES","shape":[2]}]}""")]
    [InlineData("""{"inputs":[{"data":["@"],"name":"x","datatype":"BYTES","shape":[1],"name":"x"}]}""")]
    [InlineData("""{"inputs":[{"data":["@"],"name":"x","datatype":"BYTES","shape":[1]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["@\ud800"]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["\u0041@\ud800"]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["@ÿ"]}]}""")]
    [InlineData("""{"inputs":[{"data":["@ÿ"],"name":"x","datatype":"BYTES","shape":[1]}]}""")]
    public async Task Infer_Refused_LeavesNothingOfThePayloadInThePool(string template)
    {
        // More than fits in the array rented first, so that it must also be cleared when it grows.
        var payload = string.Concat(Enumerable.Repeat(Secret, 150));
        var body = Encoding.Latin1.GetBytes(template.Replace("@", payload, StringComparison.Ordinal));
        SpoilPool();

        var answer = await Conversation.SendAsync(Models.Sink(TensorDataType.Bytes, -1), body, packet: 512);

        answer.MustRefuse(400);
        Assert.DoesNotContain(Secret, ReadPool(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, 15)]
    [InlineData(16, 17)]
    [InlineData(16, 16)]
    public async Task Infer_Binary_LeavesNothingOfThePayloadInThePool(int blocks, int sent)
    {
        var block = Wire.Utf8(Secret + "!");
        var head = Wire.Utf8(Wire.BinaryHead("UINT8", $"[1,{blocks * block.Length}]", $"{blocks * block.Length}"));
        var body = Wire.Join([head, .. Enumerable.Repeat(block, sent)]);
        SpoilPool();

        var answer = await Conversation.SendAsync(
            Models.Sink(TensorDataType.UInt8, -1, -1), body, packet: 64, headers => headers["Inference-Header-Content-Length"] = $"{head.Length}");

        Assert.Equal(blocks == sent ? 200 : 400, answer.Status);
        Assert.DoesNotContain(Secret, ReadPool(), StringComparison.Ordinal);
    }

    private static async Task MustGiveBackAsync(FakeModel model, byte[] body, int status)
    {
        using var memory = RentedMemory.Watch();

        var answer = await Conversation.SendAsync(model, body, packet: 9);

        Assert.Equal(status, answer.Status);
        Assert.NotEqual(0, memory.Rented);
        Assert.Equal(0, memory.Outstanding);
    }

    /// <summary>Fills this thread's share of the pool, which is what the request will rent: it never leaves the thread.</summary>
    private static void SpoilPool()
    {
        for (var size = 16; size <= 1 << 16; size *= 2)
        {
            var array = ArrayPool<byte>.Shared.Rent(size);
            array.AsSpan().Fill(0xAA);
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private static string ReadPool()
    {
        var text = new StringBuilder();
        for (var size = 16; size <= 1 << 16; size *= 2)
        {
            var arrays = Enumerable.Range(0, 4).Select(_ => ArrayPool<byte>.Shared.Rent(size)).ToArray();
            foreach (var array in arrays)
            {
                text.Append(Encoding.Latin1.GetString(array)).Append('|');
                array.AsSpan().Clear();
                ArrayPool<byte>.Shared.Return(array);
            }
        }

        return text.ToString();
    }
}
