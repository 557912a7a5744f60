using System.Buffers;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What callers' rows do to each other in one run: nothing.</summary>
public sealed class OnnxBatchTests
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1";

    [Fact]
    public async Task Start_SoftmaxOverTheRows_BatchingIsVetoedLoudly()
    {
        await using var model = await OnnxBatch.StartAsync(OnnxModels.SoftmaxOverBatch());

        Assert.Equal(1, model.Plan.MaxRows);
        Assert.Contains(model.Log.Entries, static entry => entry is { EventId: 1311, Level: LogLevel.Warning } && entry.Message.Contains("model model", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_RowsDoNotTouchEachOther_BatchingIsOn()
    {
        await using var model = await OnnxBatch.StartAsync(OnnxModels.AddSub());

        Assert.Equal(8, model.Plan.MaxRows);

        // That nobody has signed it is said of every such model.
        Assert.DoesNotContain(model.Log.Entries, static entry => entry.Level >= LogLevel.Warning && entry.EventId != 1351);
    }

    [Fact]
    public async Task Start_OperatorDidNotAsk_RequestsRunAlone()
    {
        await using var model = await OnnxBatch.StartAsync(OnnxModels.AddSub(), static options => options.MaxBatchSize = null);

        Assert.Equal(1, model.Plan.MaxRows);
    }

    [Fact]
    public async Task RunAsync_OneCallersIndexIsOutOfTheTable_OnlyItsRequestsFail()
    {
        await using var model = await OnnxBatch.StartAsync(OnnxModels.Gather(), static options =>
        {
            options.Lanes = 1;
            options.MaxInlineRun = TimeSpan.Zero;
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(async index =>
        {
            using var request = new InferenceRequest(Tensor.Create<long>("index", [1], [index % 11]));
            using var response = await model.Sut.RunAsync(request, TestContext.Current.CancellationToken);
            return (Index: index % 11, Error: response.Error?.Code, First: response.IsSuccess ? response.Outputs[0].GetValues<float>()[0] : -1);
        }));

        Assert.All(answers, static answer => Assert.Equal(
            answer.Index == 10 ? (InferenceErrorCode.ModelRejectedInput, -1f) : (default(InferenceErrorCode?), 4f * answer.Index), (answer.Error, answer.First)));
    }

    [Fact]
    public async Task RunAsync_50CallersOfRandomRows_EachAnswerIsOfItsOwnInput()
    {
        const int Callers = 50;
        await using var model = await OnnxBatch.StartAsync(OnnxModels.AddSub(), static options => options.MaxInlineRun = TimeSpan.Zero);
        PoisonPool();

        var wrong = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => AskAsync(model, caller, (IsSoak ? 200_000 : 5_000) / Callers))));

        Assert.Equal(0, wrong.Sum());

        await Eventually.IsTrueAsync(() => model.Sut.IsIdle, "the lane that handed out the last answer is free, and nobody waits");
    }

    private static async Task<int> AskAsync(OnnxBatch model, int number, int requests)
    {
        var random = new Random(number);
        Assert.True(ScopeSet.TryParse([], out var scopes, out _));
        var caller = new Caller($"caller {number}", "Test", scopes);
        var wrong = 0;
        for (var count = 0; count < requests; count++)
        {
            var rows = random.Next(1, 9);
            int[] one = [.. Enumerable.Range(0, rows * 16).Select(_ => random.Next())];
            int[] other = [.. Enumerable.Range(0, rows * 16).Select(_ => random.Next())];
            using var request = new InferenceRequest(Tensor.Create<int>("INPUT0", [rows, 16], one), Tensor.Create<int>("INPUT1", [rows, 16], other)) { Caller = caller };
            using var response = await model.Sut.RunAsync(request, TestContext.Current.CancellationToken);
            wrong += response.IsSuccess
                && response.Outputs[0].GetValues<int>().SequenceEqual(one.Zip(other, static (a, b) => unchecked(a + b)).ToArray())
                && response.Outputs[1].GetValues<int>().SequenceEqual(one.Zip(other, static (a, b) => unchecked(a - b)).ToArray()) ? 0 : 1;
        }

        return wrong;
    }

    // What earlier renters left in the pool must not show in anybody's answer.
    private static void PoisonPool()
    {
        var rented = Enumerable.Range(4, 10).SelectMany(static power => Enumerable.Range(0, 20).Select(_ => ArrayPool<byte>.Shared.Rent(1 << power))).ToArray();
        foreach (var array in rented)
        {
            array.AsSpan().Fill(0xA5);
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
