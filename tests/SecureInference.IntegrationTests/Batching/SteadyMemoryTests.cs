using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Load;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Full load for a long time: what a request allocates, and that nothing of it stays.</summary>
[Collection(AloneCollection.Name)]
public sealed class SteadyMemoryTests(ITestOutputHelper output)
{
    private const int Connections = 16;
    private const int Columns = 784;
    private const string Model = "mlp";

    /// <summary>Who waits in a batch takes the tasks of the three delegates that wait with it, about 400 bytes; a debug build makes an object of every asynchronous method's state.</summary>
#if DEBUG
    private const long MostBytesPerRequest = 8_500;
#else
    private const long MostBytesPerRequest = 800;
#endif

    private const long ManagedTolerance = 2L << 20;
    private const long ResidentTolerance = 32L << 20;

    [Fact]
    public async Task Load_SixteenConnectionsAtFullLoad_MemoryStaysFlatAndARequestAllocatesLittle()
    {
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder.File("mlp.onnx"), OnnxModels.Mlp(Columns, 512, 512, 10), TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(guards =>
        {
            guards.AddOnnxModel(Model, folder.File("mlp.onnx"), static options => options.MaxBatchSize = Connections);

            // Lines of every request would be what is measured.
            guards.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning));
        });
        float[] pixels = [.. Enumerable.Range(0, Columns).Select(static pixel => pixel / (float)Columns)];
        var request = HangUpWire.Request(Model, app.Key, "", WireTensor.Of("x", "FP32", [1, Columns], pixels));
        var answer = await AskAsync(app.Address, request);
        await using var bare = await BareApp.StartAsync(answer.Body.ToArray());

        var (bareBytes, _, _) = await LoadAsync(bare.Address, request, answer.Outputs.ToArray(), TimeSpan.FromSeconds(Soak.Times(2, 10)));
        var (bytes, before, after) = await LoadAsync(app.Address, request, answer.Outputs.ToArray(), TimeSpan.FromSeconds(Soak.Times(5, 600)));

        output.WriteLine($"A request allocates {bytes} bytes, of which bare Kestrel allocates {bareBytes}. Before: {before}. After: {after}.");
        Assert.InRange(bytes - bareBytes, 0, MostBytesPerRequest);
        Assert.InRange(after.Managed - before.Managed, long.MinValue, ManagedTolerance);
        Assert.InRange(after.Resident - before.Resident, long.MinValue, ResidentTolerance);
    }

    private static async Task<HangUpAnswer> AskAsync(Uri address, byte[] request)
    {
        using var wire = await HangUpWire.ConnectAsync(address);
        await wire.SendAsync(request);
        var answer = await wire.ReceiveAsync();
        Assert.True(answer.Status == 200, answer.Text);
        return answer;
    }

    /// <summary>Loads a server for a time, of which the first fifth is for everything to have happened once.</summary>
    private async Task<(long BytesPerRequest, MemoryMark Before, MemoryMark After)> LoadAsync(Uri address, byte[] request, float[] expected, TimeSpan duration)
    {
        SteadyCaller[] callers = [.. Enumerable.Range(0, Connections).Select(_ => new SteadyCaller(address, request, expected))];
        try
        {
            await Task.Delay(duration / 5, TimeProvider.System, TestContext.Current.CancellationToken);
            var before = MemoryMark.Take();
            var (answered, allocated) = (callers.Sum(static caller => caller.Answered), GC.GetTotalAllocatedBytes(precise: true));
            await Task.Delay(duration * 4 / 5, TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.All(callers, static caller => Assert.Null(caller.Failure));
            Assert.All(callers, static caller => Assert.NotEqual(0, caller.Answered));
            var (answers, bytes) = (callers.Sum(static caller => caller.Answered) - answered, GC.GetTotalAllocatedBytes(precise: true) - allocated);
            var after = MemoryMark.Take();
            output.WriteLine($"{answers} answers in {duration * 4 / 5}.");
            return (bytes / answers, before, after);
        }
        finally
        {
            Array.ForEach(callers, static caller => caller.Dispose());
        }
    }
}
