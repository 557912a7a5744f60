using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class InferEndpointTests
{
    public static TheoryData<Exception> Ends => [
        new ConnectionResetException("reset"),
        new ConnectionAbortedException(),
        new IOException(),
        new OperationCanceledException(),
        new TaskCanceledException(),
        new InvalidDataException(),
    ];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Infer_ConnectionBreaksMidBody_IsNotLogged(Exception exception)
    {
        // Whether the request is known to be aborted by then is a race.
        var known = await Conversation.SendAsync(FakeModel.Echo(), new BreakingPipe(exception), isAborted: true);
        var unknown = await Conversation.SendAsync(FakeModel.Echo(), new BreakingPipe(exception));

        Assert.Empty(known.Warnings);
        Assert.Empty(known.Body);
        Assert.Equal(0, known.Runs);
        unknown.MustRefuse(400, "The body ended early");
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Infer_RunBreaksForReasonsOfItsOwn_Returns500AndIsLogged(Exception exception)
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            (_, _) => throw exception);

        var answer = await Conversation.SendAsync(model, Wire.Good());

        Assert.Equal(500, answer.Status);
        Assert.Equal("The server failed.", answer.Json.GetProperty("error").GetString());
        Assert.Single(answer.Warnings);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Infer_RequestMemory_ComesBackAlsoWhenTheRunFails(bool isCancelled)
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            (_, _) => throw (isCancelled ? new OperationCanceledException() : new InvalidOperationException()));
        using var memory = RentedMemory.Watch();

        var answer = await Conversation.SendAsync(model, Wire.Good());

        Assert.Equal(500, answer.Status);
        Assert.NotEqual(0, memory.Rented);
        Assert.Equal(0, memory.Outstanding);
    }

    /// <summary>A body whose second read fails.</summary>
    private sealed class BreakingPipe(Exception exception) : PipeReader
    {
        private readonly PacketReader _first = new(Wire.Good(), static () => 10);
        private int _reads;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            _reads++ == 0 ? _first.ReadAsync(CancellationToken.None) : ValueTask.FromException<ReadResult>(exception);

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

        public override void AdvanceTo(SequencePosition consumed) => _first.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _first.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
