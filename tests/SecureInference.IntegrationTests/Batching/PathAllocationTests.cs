using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What one request after another allocates behind all guards, beside bare Kestrel that is sent the same.</summary>
[Collection(AloneCollection.Name)]
public sealed class PathAllocationTests(ITestOutputHelper output)
{
    private const int Columns = 64;
    private const string Model = "mlp";

    /// <summary>Nothing of ours; what else the process does in these seconds, and requests whose body comes in two parts, take a few bytes each.</summary>
#if DEBUG
    private const long MostBytesPerRequest = 4_000;
#else
    private const long MostBytesPerRequest = 64;
#endif

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("json")]
    [InlineData("binary")]
    public async Task Infer_OneConnection_AllocatesWhatBareKestrelDoes(string form)
    {
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder.File("mlp.onnx"), OnnxModels.Mlp(Columns, 64, 10), TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(guards =>
        {
            // A run that seemed slow at the start, on a machine that was busy then, would be handed to another thread, and waited for: the tasks of those who wait are not what is measured here.
            guards.AddOnnxModel(Model, folder.File("mlp.onnx"), static options => options.MaxInlineRun = TimeSpan.FromSeconds(1));

            // Lines of every request would be what is measured.
            guards.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning));
        });
        var request = RequestIn(form, app.Key);
        var answer = await AskAsync(app.Address, request);
        await using var bare = await BareApp.StartAsync(answer);

        var bareBytes = await MeasureAsync(bare.Address, request);
        var bytes = await MeasureAsync(app.Address, request);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{form}: a request allocates {bytes:F1} bytes, of which bare Kestrel allocates {bareBytes:F1}."));
        Assert.InRange(bytes - bareBytes, double.MinValue, MostBytesPerRequest);
    }

    private static byte[] RequestIn(string form, string key)
    {
        float[] pixels = [.. Enumerable.Range(0, Columns).Select(static pixel => pixel / (float)Columns)];
        if (form == "binary")
        {
            return HangUpWire.Request(Model, key, "", WireTensor.Of("x", "FP32", [1, Columns], pixels));
        }

        var body = $$"""{"inputs":[{"name":"x","shape":[1,{{Columns}}],"datatype":"FP32","data":[{{string.Join(',', pixels.Select(static pixel => pixel.ToString("R", CultureInfo.InvariantCulture)))}}]}]}""";
        return Encoding.ASCII.GetBytes($"POST /v2/models/{Model}/infer HTTP/1.1\r\nHost: x\r\nx-api-key: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static async Task<byte[]> AskAsync(Uri address, byte[] request)
    {
        using var wire = await HangUpWire.ConnectAsync(address);
        await wire.SendAsync(request);
        var answer = await wire.ReceiveAsync();
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Body.ToArray();
    }

    private static async Task<double> MeasureAsync(Uri address, byte[] request)
    {
        using var caller = new SteadyCaller(address, request, expected: []);
        await Task.Delay(WarmUp, TimeProvider.System, TestContext.Current.CancellationToken);
        var (answered, allocated) = (caller.Answered, GC.GetTotalAllocatedBytes(precise: true));
        await Task.Delay(Measured, TimeProvider.System, TestContext.Current.CancellationToken);
        var (answers, bytes) = (caller.Answered - answered, GC.GetTotalAllocatedBytes(precise: true) - allocated);
        Assert.Null(caller.Failure);
        return bytes / (double)answers;
    }
}
