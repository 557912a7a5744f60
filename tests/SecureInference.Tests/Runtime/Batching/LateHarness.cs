using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>A runner over a <see cref="LateEngine"/>, with requests in rented memory.</summary>
internal sealed class LateHarness : IAsyncDisposable
{
    private const int Bytes = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public LateHarness(int lanes = 1)
    {
        Engine = new LateEngine(lanes);
        Sut = new BatchingModelRunner(Engine, BatchHarness.Plan() with { MaxInlineRun = TimeSpan.Zero }, Some.LoggingPart<RuntimeTelemetry>(Log), Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public CollectedLog Log { get; } = new();

    public LateEngine Engine { get; }

    public BatchingModelRunner Sut { get; }

    public static InferenceRequest Request(float value, TimeSpan? timeout = null)
    {
        var tensor = Tensor.Rent("x", TensorDataType.Float32, [1, 4], Bytes, out var data);
        MemoryMarshal.Cast<byte, float>(data.Span).Fill(value);
        return new InferenceRequest(tensor) { Timeout = timeout };
    }

    public static bool IsAnswerTo(InferenceResponse response, float value) =>
        response.IsSuccess && response.Outputs[0].GetValues<float>().SequenceEqual([value, value, value, value]);

    /// <summary>Writes over what lies in the pool: who reads memory that was given back reads this.</summary>
    public static void PoisonPool()
    {
        var arrays = Enumerable.Range(0, 64).Select(static _ => ArrayPool<byte>.Shared.Rent(Bytes)).ToArray();
        Array.ForEach(arrays, static array => array.AsSpan().Fill(0xA5));
        Array.ForEach(arrays, static array => ArrayPool<byte>.Shared.Return(array));
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public Task<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken? cancellationToken = null) =>
        Sut.RunAsync(request, cancellationToken ?? TestContext.Current.CancellationToken).AsTask();

    public static Task<InferenceResponse> Soon(Task<InferenceResponse> answer) => answer.WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>Sends requests that wait until the only lane runs them as one, which goes on until <see cref="LateEngine.Gate"/> opens.</summary>
    public async Task<Task<InferenceResponse>[]> ShareAsync(params (InferenceRequest Request, CancellationToken Gone)[] requests)
    {
        var alone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Engine.Alone = alone.Task;
        var before = Engine.Started;
        var occupier = RunAsync(Request(-1));
        await UntilAsync(() => Engine.Started == before + 1);
        var answers = Array.ConvertAll(requests, request => RunAsync(request.Request, request.Gone));
        Engine.Alone = Task.CompletedTask;
        alone.SetResult();
        using var occupied = await occupier;
        await UntilAsync(() => Engine.Started == before + 2);
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        Engine.Gate.TrySetResult();
        await Sut.DisposeAsync();
        Log.Dispose();
    }
}
