using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Load;

/// <summary>An app whose only model says in each answer which file it was, and clients that ask it all the time.</summary>
internal sealed class ReloadedModel : IAsyncDisposable
{
    private const int Width = 4;

    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<float, int> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private GuardedApp? _app;
    private Task _load = Task.CompletedTask;

    public GuardedApp App => _app ?? throw new InvalidOperationException("The app is not started.");

    public string Path => _folder.File("model.onnx");

    /// <summary>Gets how many answers came of each file.</summary>
    public IReadOnlyDictionary<float, int> Answers => _answers;

    /// <summary>y = x + <paramref name="number"/>, with some weights that nothing needs but memory.</summary>
    public static byte[] Build(float number, int weights = 1) => new OnnxModelBuilder("plus")
        .Input("x", OnnxType.Float, "batch", Width)
        .Output("y", OnnxType.Float, "batch", Width)
        .Output("w", OnnxType.Float, "batch", 1)
        .Initializer("number", [number, number, number, number], Width)
        .Initializer("weights", new float[Width * weights], Width, weights)
        .Initializer("ones", [.. Enumerable.Repeat(1f, weights)], weights, 1)
        .Node("Add", ["x", "number"], ["y"])
        .Node("MatMul", ["x", "weights"], ["hidden"])
        .Node("MatMul", ["hidden", "ones"], ["w"])
        .Build();

    /// <summary>Puts a file in the model's place, at once and whole.</summary>
    public void Write(byte[] model)
    {
        File.WriteAllBytes(Path + ".new", model);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    public async Task StartAsync(byte[] model, int clients, Action<ModelOptions>? configure = null)
    {
        Write(model);
        _app = await GuardedApp.StartAsync(guards => guards.AddOnnxModel("m", Path, configure));
        _load = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => AskAsync(client))));
    }

    public Task<ModelReload> ReloadAsync() =>
        App.Services.GetRequiredService<IModelCatalog>().ReloadAsync("m", TestContext.Current.CancellationToken).WaitAsync(Eventually.Deadline, TimeProvider.System, CancellationToken.None);

    /// <summary>Waits until a file has answered; a client that failed ends the wait.</summary>
    public Task UntilAnsweredAsync(float number) =>
        Eventually.IsTrueAsync(() => _load.IsCompleted || _answers.ContainsKey(number), $"an answer of {number}");

    /// <summary>Ends the clients; throws where one was not answered as it should be.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _load;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await App.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task AskAsync(int client)
    {
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            var rows = 1 + (turn % 3);
            float x = (client * 100_000) + turn;
            using var content = InferBody.Binary("1", WireTensor.Of("x", "FP32", [rows, Width], [.. Enumerable.Repeat(x, rows * Width)]));
            using var response = await App.Client.PostAsync("/v2/models/m/infer", content, CancellationToken.None);
            var output = (await InferAnswer.ReadAsync(response)).Outputs.Single(static output => output.Name == "y").Values<float>().ToArray();
            Assert.Equal(rows * Width, output.Length);
            var number = Assert.Single(output.Distinct()) - x;
            _answers.AddOrUpdate(number, 1, static (_, count) => count + 1);
        }
    }
}
