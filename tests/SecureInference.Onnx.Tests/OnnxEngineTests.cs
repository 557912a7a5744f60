using Microsoft.Extensions.Time.Testing;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class OnnxEngineTests
{
    public static TheoryData<OnnxType> ElementTypes { get; } = [.. new[]
    {
        OnnxType.Bool, OnnxType.Int8, OnnxType.Int16, OnnxType.Int32, OnnxType.Int64, OnnxType.UInt8, OnnxType.UInt16,
        OnnxType.UInt32, OnnxType.UInt64, OnnxType.Float16, OnnxType.Float, OnnxType.Double, OnnxType.String,
    }];

    [Theory]
    [MemberData(nameof(ElementTypes))]
    public async Task Run_AnyElementType_ComesBackUnchanged(OnnxType type)
    {
        await using var bound = await LoadedModel.LoadAsync(OnnxModels.Identity(type, "batch", 2));
        await using var unbound = await LoadedModel.LoadAsync(OnnxModels.Identity(type, "a", "b"));
        var input = Some.OfType(type);

        using var one = await bound.RunAsync(input);
        using var other = await unbound.RunAsync(input);

        Assert.All([one, other], response =>
        {
            Assert.Null(response.Error);
            var output = Assert.Single(response.Outputs);
            Assert.Equal("Y", output.Name);
            Assert.Equal(input.DataType, output.DataType);
            Assert.Equal([2, 2], output.Shape.ToArray());
            Assert.Equal(input.Data.ToArray(), output.Data.ToArray());
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(null)]
    public async Task Run_BFloat16_ComesBackUnchanged(int? columns)
    {
        OnnxDim second = columns is { } size ? size : "b";
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Identity(OnnxType.BFloat16, "a", second));
        using var request = SampleRequest.Create(model.Engine.Metadata, 3);

        using var response = await model.Engine.RunAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(TensorDataType.BFloat16, response.Outputs[0].DataType);
        Assert.Equal(request.Inputs[0].Data.ToArray(), response.Outputs[0].Data.ToArray());
    }

    [Fact]
    public async Task Run_SeveralInputsInAnyOrder_AnswersEveryOutput()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub());

        using var response = await model.RunAsync(Some.Ints("INPUT1", 2, 16, seed: 100), Some.Ints("INPUT0", 2, 16));

        Assert.Equal(["OUTPUT0", "OUTPUT1"], response.Outputs.Select(output => output.Name));
        Assert.Equal(Enumerable.Range(0, 32).Select(index => (2 * index) + 100), response.Outputs[0].GetValues<int>().ToArray());
        Assert.Equal(Enumerable.Repeat(-100, 32), response.Outputs[1].GetValues<int>().ToArray());
    }

    [Fact]
    public async Task Run_OutputsWanted_SelectsAndOrdersThem()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub());
        await using var unbound = await LoadedModel.LoadAsync(OnnxModels.DynamicSequence());
        using var request = new InferenceRequest(Some.Ints("INPUT0", 1, 16), Some.Ints("INPUT1", 1, 16)) { Outputs = ["OUTPUT1", "OUTPUT0"] };
        using var other = new InferenceRequest(Some.Floats("x", 1, 3)) { Outputs = ["same"] };

        using var response = await model.Engine.RunAsync(request, TestContext.Current.CancellationToken);
        using var otherResponse = await unbound.Engine.RunAsync(other, TestContext.Current.CancellationToken);

        Assert.Equal(["OUTPUT1", "OUTPUT0"], response.Outputs.Select(output => output.Name));
        Assert.Equal(0, response.Outputs[0].GetValues<int>()[5]);
        Assert.Equal(10, response.Outputs[1].GetValues<int>()[5]);
        Assert.Equal("same", Assert.Single(otherResponse.Outputs).Name);
    }

    [Fact]
    public async Task Run_Scalars_AnswersAScalar()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());

        using var response = await model.RunAsync(Tensor.Create<float>("a", [], [3]), Tensor.Create<float>("b", [], [4]));

        Assert.True(response.Outputs[0].Shape.IsEmpty);
        Assert.Equal([12], response.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Run_Strings_AnswersStrings()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Strings());

        using var response = await model.RunAsync(Tensor.Create("text", [3], ["one", "", "three"]));

        Assert.Equal(["ONE", "", "THREE"], response.Outputs[0].GetStrings());
    }

    [Fact]
    public async Task Run_DynamicDimensions_AnswersEachLength()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.DynamicSequence());

        for (var length = 1; length <= 5; length++)
        {
            using var response = await model.RunAsync(Tensor.Create<float>("x", [1, length], [.. Enumerable.Repeat(2f, length)]));

            Assert.Equal([2f * length], response.Outputs[0].GetValues<float>().ToArray());
            Assert.Equal([1, length], response.Outputs[1].Shape.ToArray());
        }
    }

    [Theory]
    [InlineData(new long[] { 1, 0, 2 }, new long[] { 0, 2 })]
    [InlineData(new long[] { 0, 0, 0 }, new long[0])]
    public async Task Run_ShapeHangsOnValues_AnswersWhatIsThere(long[] values, long[] expected)
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.DataDependent());

        using var response = await model.RunAsync(Tensor.Create<long>("x", [3], values));

        Assert.Equal([1, expected.Length], response.Outputs[0].Shape.ToArray());
        Assert.Equal(expected, response.Outputs[0].GetValues<long>().ToArray());
    }

    [Fact]
    public async Task Run_NoElements_AnswersNoElements()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Gather());

        using var response = await model.RunAsync(Tensor.Create<long>("index", [0], []));

        Assert.Equal([0, 4], response.Outputs[0].Shape.ToArray());
        Assert.True(response.Outputs[0].Data.IsEmpty);
    }

    [Fact]
    public async Task Run_NotFiniteOutputs_AnswersThem()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.NonFinite());

        using var response = await model.RunAsync(Tensor.Create<float>("x", [1, 4], [0, 1, -1, 0]));

        Assert.Equal([float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f], response.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Run_LargerThanALanesMemory_AnswersAllTheSame()
    {
        const int Columns = 700_000;
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Identity(OnnxType.Float, "batch", Columns));
        var input = Some.Floats("X", 2, Columns);

        using var response = await model.RunAsync(input);

        Assert.True(input.Data.Span.SequenceEqual(response.Outputs[0].Data.Span));
    }

    [Fact]
    public async Task Run_BadIndex_RejectsTheInputAndLogsNoValue()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Gather());

        using var response = await model.RunAsync(Tensor.Create<long>("index", [1], [4711]));
        using var next = await model.RunAsync(Tensor.Create<long>("index", [1], [2]));

        Assert.Equal(InferenceErrorCode.ModelRejectedInput, response.Error?.Code);
        Assert.Equal(1, model.Logs.Count(2004));
        Assert.DoesNotContain(model.Logs.Texts, text => text.Contains("4711", StringComparison.Ordinal));
        Assert.Equal([8, 9, 10, 11], next.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Run_ShapesThatDoNotGoTogether_RejectsTheInput()
    {
        var add = new OnnxModelBuilder()
            .Input("a", OnnxType.Float, "n").Input("b", OnnxType.Float, "m").Output("c", OnnxType.Float, "k").Node("Add", ["a", "b"], ["c"]).Build();
        await using var model = await LoadedModel.LoadAsync(add);

        using var response = await model.RunAsync(Tensor.Create<float>("a", [2], [1, 2]), Tensor.Create<float>("b", [3], [1, 2, 3]));

        Assert.Equal(InferenceErrorCode.ModelRejectedInput, response.Error?.Code);
    }

    [Fact]
    public async Task Run_ModelFails_SaysSo()
    {
        // Expanding to 2^40 elements takes more memory than there is.
        var expand = new OnnxModelBuilder()
            .Input("x", OnnxType.Float, 1).Input("shape", OnnxType.Int64, 2).Output("y", OnnxType.Float, "a", "b").Node("Expand", ["x", "shape"], ["y"]).Build();
        await using var model = await LoadedModel.LoadAsync(expand);

        using var response = await model.RunAsync(Tensor.Create<float>("x", [1], [1]), Tensor.Create<long>("shape", [2], [1L << 30, 1L << 30]));

        Assert.Equal(InferenceErrorCode.ModelFailed, response.Error?.Code);
        Assert.Equal(1, model.Logs.Count(2005));
    }

    [Fact]
    public async Task Run_FailingOverAndOver_LogsOnceASecondAndCountsTheRest()
    {
        var time = new FakeTimeProvider();
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Gather(), time: time);

        for (var run = 0; run < 10; run++)
        {
            using var response = await model.RunAsync(Tensor.Create<long>("index", [1], [99]));
        }

        time.Advance(TimeSpan.FromSeconds(1));
        using var last = await model.RunAsync(Tensor.Create<long>("index", [1], [99]));

        Assert.Equal(2, model.Logs.Count(2004));
        Assert.Contains(model.Logs.Texts, text => text.Contains("; 9 such events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CancelledBefore_Throws()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());
        using var request = SampleRequest.Create(model.Engine.Metadata, 1);

        var run = async () => await model.Engine.RunAsync(request, new CancellationToken(canceled: true));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(run);
    }

    [Fact]
    public async Task Run_CancelledWhileItWaitsForALane_ThrowsAndTheRunBeforeGoesOn()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Slow(2_000_000, 64), options => options.Lanes = 1);
        using var running = new CancellationTokenSource();
        using var waiting = new CancellationTokenSource();
        var first = Start(model, running.Token);
        var second = Start(model, waiting.Token);

        await waiting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(first.IsCompleted);

        await running.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Run_CancelledWhileItRuns_EndsSoonAndTheLaneWorksAfterwards()
    {
        await using var model = await LoadedModel.LoadAsync(EndlessOnDemand(), options => options.Lanes = 1);
        using var cancellation = new CancellationTokenSource();
        using var quick = new InferenceRequest(Some.Floats("x", 1, 16), Tensor.Create<long>("iterations", [], [16]));
        using var endless = new InferenceRequest(Some.Floats("x", 1, 16), Tensor.Create<long>("iterations", [], [long.MaxValue]));

        var run = Task.Run(async () => await model.Engine.RunAsync(endless, cancellation.Token), TestContext.Current.CancellationToken);
        cancellation.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        using var response = await model.Engine.RunAsync(quick, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccess);
        Assert.Equal(quick.Inputs[0].Data.ToArray(), response.Outputs[0].Data.ToArray());
    }

    [Fact]
    public async Task Run_LongRun_LeavesTheCallersThreadAndThePool()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Slow(20_000, 64), options => options.Lanes = 1);
        using var request = new InferenceRequest(Some.Floats("x", 1, 64));

        var run = model.Engine.RunAsync(request, TestContext.Current.CancellationToken);
        var completed = run.IsCompleted;
        using var response = await run;

        Assert.False(completed);
        Assert.DoesNotContain("SecureInference", Thread.CurrentThread.Name ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ShortRun_CompletesOnTheCallersThread()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());
        using var request = SampleRequest.Create(model.Engine.Metadata, 1);

        var run = model.Engine.RunAsync(request, TestContext.Current.CancellationToken);
        var completed = run.IsCompleted;
        using var response = await run;

        Assert.True(completed);
    }

    [Fact]
    public async Task Run_64CallersAtOnce_EachGetsItsOwnAnswer()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub(), options => options.Lanes = 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(() => AskManyTimes(model, caller))));

        Assert.All(answers, Assert.True);
    }

    [Fact]
    public async Task Dispose_RunGoesOn_WaitsForItsAnswer()
    {
        var model = await LoadedModel.LoadAsync(OnnxModels.Slow(100_000, 64), options => options.Lanes = 1);
        var run = Start(model, TestContext.Current.CancellationToken);

        var dispose = model.DisposeAsync().AsTask();
        var late = await model.RunAsync(Some.Floats("x", 1, 64));
        Assert.False(dispose.IsCompleted);
        using var response = await run;
        await dispose;

        Assert.True(response.IsSuccess);
        Assert.Equal(InferenceErrorCode.Draining, late.Error?.Code);
    }

    [Fact]
    public async Task Dispose_RunDoesNotEnd_TerminatesItAndTellsItsCaller()
    {
        var time = new FakeTimeProvider();
        var model = await LoadedModel.LoadAsync(OnnxModels.Slow(2_000_000, 64), options => options.Lanes = 1, time);
        var run = Start(model, TestContext.Current.CancellationToken);

        var dispose = model.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(31));
        using var response = await run;
        await dispose;

        Assert.Equal(InferenceErrorCode.Draining, response.Error?.Code);
        Assert.Equal(0, model.Logs.Count(2006));
    }

    [Fact]
    public async Task Dispose_UnderLoad_AnswersOrRefusesEveryone()
    {
        for (var round = 0; round < 10; round++)
        {
            var model = await LoadedModel.LoadAsync(OnnxModels.AddSub(), options => options.Lanes = 2);
            var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => AskUntilRefused(model))).ToArray();
            await model.RunAsync(Some.Ints("INPUT0", 1, 16), Some.Ints("INPUT1", 1, 16));

            await model.DisposeAsync();

            Assert.All(await Task.WhenAll(callers), code => Assert.Equal(InferenceErrorCode.Draining, code));
        }
    }

    [Fact]
    public async Task Run_Disposed_IsRefused()
    {
        var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());
        await model.DisposeAsync();

        using var response = await model.RunAsync(Tensor.Create<float>("a", [], [3]), Tensor.Create<float>("b", [], [4]));

        Assert.Equal(InferenceErrorCode.Draining, response.Error?.Code);
    }

    private static async Task<InferenceErrorCode> AskUntilRefused(LoadedModel model)
    {
        while (true)
        {
            using var response = await model.RunAsync(Some.Ints("INPUT0", 2, 16), Some.Ints("INPUT1", 2, 16));
            if (response.Error is { } error)
            {
                return error.Code;
            }
        }
    }

    private static async Task<bool> AskManyTimes(LoadedModel model, int caller)
    {
        for (var round = 0; round < 50; round++)
        {
            var (rows, seed) = (1 + ((caller + round) % 8), caller * 1000);
            using var response = await model.RunAsync(Some.Ints("INPUT0", rows, 16, seed), Some.Ints("INPUT1", rows, 16, seed));
            var expected = Enumerable.Range(seed, rows * 16).Select(value => 2 * value);
            if (!response.IsSuccess || !response.Outputs[0].GetValues<int>().SequenceEqual([.. expected]))
            {
                return false;
            }
        }

        return true;
    }

    private static Task<InferenceResponse> Start(LoadedModel model, CancellationToken cancellationToken) =>
        model.Engine.RunAsync(new InferenceRequest(Some.Floats("x", 1, 64)), cancellationToken).AsTask();

    // A loop whose length the request says, and the warm-up says 1.
    private static byte[] EndlessOnDemand() => new OnnxModelBuilder("endless")
        .Input("x", OnnxType.Float, "batch", 16).Input("iterations", OnnxType.Int64).Output("y", OnnxType.Float, "batch", 16)
        .Node("Loop", ["iterations", "", "x"], ["y"], OnnxAttribute.Graph("body", new OnnxModelBuilder("body")
            .Input("iteration", OnnxType.Int64).Input("go_on", OnnxType.Bool).Input("from", OnnxType.Float, "batch", 16)
            .Output("still", OnnxType.Bool).Output("to", OnnxType.Float, "batch", 16)
            .Node("Identity", ["go_on"], ["still"])
            .Node("Identity", ["from"], ["to"])))
        .Build();
}
