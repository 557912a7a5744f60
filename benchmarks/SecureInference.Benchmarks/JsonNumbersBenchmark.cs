using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using SecureInference.Protocol;
using SecureInference.Protocol.Json;

namespace SecureInference.Benchmarks;

/// <summary>What do 4,096 floats cost, from JSON and to JSON, by the platform and by our own?</summary>
[MemoryDiagnoser]
public class JsonNumbersBenchmark
{
    private const int Count = 4096;
    private readonly float[] _values = new float[Count];
    private readonly byte[] _memory = new byte[Count * sizeof(float)];
    private readonly byte[] _text = new byte[Count * FloatText.MaxLength];
    private byte[] _json = [];
    private byte[] _run = [];

    /// <summary>Gets or sets whether the numbers have the 17 digits that Python writes of a float, or the 9 that it needs.</summary>
    [Params(false, true)]
    public bool AreLong { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var index = 0; index < Count; index++)
        {
            _values[index] = (random.NextSingle() * 2) - 1;
        }

        var texts = _values.Select(value => AreLong ? ((double)value).ToString("R", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture));
        _json = Encoding.ASCII.GetBytes($"[{string.Join(',', texts)}]");

        // A run begins behind a number: a comma stands in the bracket's place.
        _run = [(byte)',', .. _json[1..]];
    }

    [Benchmark(Baseline = true)]
    public float ReadByPlatform()
    {
        var reader = new Utf8JsonReader(_json);
        var values = MemoryMarshal.Cast<byte, float>(_memory.AsSpan());
        for (var count = 0; reader.Read();)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                values[count] = reader.GetSingle();
                count++;
            }
        }

        return values[^1];
    }

    [Benchmark]
    public int ReadByOurOwn() => NumberRun.Read(_run, TensorDataType.Float32, _memory, out _);

    [Benchmark]
    public int WriteByPlatform()
    {
        var length = 0;
        foreach (var value in _values)
        {
            value.TryFormat(_text.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
            length += written;
        }

        return length;
    }

    [Benchmark]
    public int WriteByOurOwn()
    {
        var length = 0;
        foreach (var value in _values)
        {
            length += FloatText.Write(value, _text.AsSpan(length));
        }

        return length;
    }
}
