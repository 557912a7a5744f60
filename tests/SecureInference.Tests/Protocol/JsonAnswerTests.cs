using System.Buffers;
using System.Text;
using System.Text.Json;
using SecureInference.Protocol;

namespace SecureInference.Tests.Protocol;

public class JsonAnswerTests
{
    private const int Count = 100_000;

    [Fact]
    public void Write_AnyFloat_ReadsBackBitForBit()
    {
        var dice = new Dice(11);
        float[] special = [0f, -0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1.17549421E-38f];
        float[] values = [.. special, .. Enumerable.Range(0, Count).Select(_ => BitConverter.UInt32BitsToSingle((uint)dice.NextBits() >> (dice.Next(8) == 0 ? 9 : 0)))];

        var data = Data(Write(Tensor.Create<float>("y", [values.Length], values)));

        Assert.Equal(values.Length, data.GetArrayLength());
        Assert.All(data.EnumerateArray().Zip(values), static pair => Assert.True(
            IsSame(pair.First, pair.Second, static json => BitConverter.SingleToUInt32Bits(json.GetSingle()), BitConverter.SingleToUInt32Bits(pair.Second)), pair.ToString()));
    }

    [Fact]
    public void Write_AnyDouble_ReadsBackBitForBit()
    {
        var dice = new Dice(13);
        double[] special = [0d, -0d, double.Epsilon, double.MaxValue, double.MinValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2.2250738585072009E-308, 0.1, 1e16];
        double[] values = [.. special, .. Enumerable.Range(0, Count).Select(_ => BitConverter.UInt64BitsToDouble(dice.NextBits() >> (dice.Next(8) == 0 ? 12 : 0)))];

        var data = Data(Write(Tensor.Create<double>("y", [values.Length], values)));

        Assert.Equal(values.Length, data.GetArrayLength());
        Assert.All(data.EnumerateArray().Zip(values), static pair => Assert.True(
            IsSame(pair.First, pair.Second, static json => BitConverter.DoubleToUInt64Bits(json.GetDouble()), BitConverter.DoubleToUInt64Bits(pair.Second)), pair.ToString()));
    }

    [Fact]
    public void Write_AnyLong_ReadsBackExactly()
    {
        var dice = new Dice(17);
        long[] values = [long.MinValue, long.MaxValue, -1, 0, .. Enumerable.Range(0, 10_000).Select(_ => (long)(dice.NextBits() >> dice.Next(64)))];

        var data = Data(Write(Tensor.Create<long>("y", [values.Length], values)));

        Assert.Equal(values, data.EnumerateArray().Select(static element => element.GetInt64()));
    }

    [Fact]
    public void Write_AllOfUnicode_ReadsBackExactly()
    {
        var runes = Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(static value => new Rune(value));
        string[] values = [.. runes.Chunk(1000).Select(static chunk => string.Concat(chunk)), "", "\u2028\u2029</script>\0", new string('\u0001', 5000)];

        var json = Write(Tensor.Create("y", [values.Length], values));

        Assert.Equal(values, Data(json).EnumerateArray().Select(static element => element.GetString()));
        Assert.DoesNotContain(json.ToArray(), static value => value < 0x20);
    }

    [Fact]
    public void Write_Names_AreEscaped()
    {
        const string Name = "a\"b\\c\n\0ä𝄞</x>";

        using var json = JsonDocument.Parse(Write(Tensor.Create(Name, [1], [1]), model: Name, id: Name));

        Assert.Equal(Name, json.RootElement.GetProperty("model_name").GetString());
        Assert.Equal(Name, json.RootElement.GetProperty("model_version").GetString());
        Assert.Equal(Name, json.RootElement.GetProperty("id").GetString());
        Assert.Equal(Name, json.RootElement.GetProperty("outputs")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Write_LongId_IsWhole()
    {
        var id = string.Concat(Enumerable.Repeat("€", 256)) + "end";

        using var json = JsonDocument.Parse(Write(Tensor.Create("y", [1], [1]), id: id));

        Assert.Equal(id, json.RootElement.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Write_AnyBufferSize_CountsWhatItWrites(int spare)
    {
        var writer = new TightWriter(spare);
        var answer = new JsonAnswer(writer);
        using var response = new InferenceResponse(Tensor.Create("y", [3], ["ä", "\0\0\0\0\0\0\0\0", "𝄞"]), Tensor.Create("z", [2], [1.5, double.NaN]));
        using var call = new InferCall(new InferenceRequest(), "id", [false, false]);

        answer.Write(Metadata("m"), call, response);

        Assert.Equal(writer.Written.Count, answer.Length);
        using var json = JsonDocument.Parse(writer.Written.ToArray());
        Assert.Equal("[1.5,\"NaN\"]", json.RootElement.GetProperty("outputs")[1].GetProperty("data").GetRawText());
    }

    private static bool IsSame<T>(JsonElement json, T expected, Func<JsonElement, ulong> bits, ulong expectedBits)
        where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T> => json.ValueKind == JsonValueKind.Number
        ? T.IsFinite(expected) && bits(json) == expectedBits
        : !T.IsFinite(expected) && json.GetString() == (T.IsNaN(expected) ? "NaN" : T.IsPositive(expected) ? "Infinity" : "-Infinity");

    private static JsonElement Data(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("outputs")[0].GetProperty("data").Clone();
    }

    private static ReadOnlyMemory<byte> Write(Tensor output, string model = "m", string? id = null)
    {
        var writer = new ArrayBufferWriter<byte>();
        using var response = new InferenceResponse(output);
        using var call = new InferCall(new InferenceRequest(), id, [false]);
        new JsonAnswer(writer).Write(Metadata(model), call, response);
        return writer.WrittenMemory;
    }

    private static ModelMetadata Metadata(string name) => new()
    {
        Name = name,
        Version = name,
        Platform = "p",
        Inputs = [],
        Outputs = [],
        Limits = new ModelLimits(1, 1, 1, AllowNonFinite: false),
    };

    /// <summary>Gives no more room than it is asked for, and a little.</summary>
    private sealed class TightWriter(int spare) : IBufferWriter<byte>
    {
        private byte[] _buffer = [];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_buffer.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer = new byte[Math.Max(sizeHint, 1) + spare];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
