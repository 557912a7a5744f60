namespace SecureInference.Tests.Abstractions;

public sealed class InferenceContextTests
{
    [Fact]
    public void Get_SameRequest_IsTheSameContext()
    {
        var http = Some.Request();

        Assert.Null(InferenceContext.Find(http));
        Assert.Same(InferenceContext.Get(http), InferenceContext.Get(http));
        Assert.NotSame(InferenceContext.Get(http), InferenceContext.Get(Some.Request()));
    }

    [Fact]
    public void HasPassed_StageThatWasMarked_IsRememberedForItsEndpoint()
    {
        var endpoint = Some.Endpoint();
        var context = InferenceContext.Get(Some.Request());

        context.Mark(InferenceStage.Auditing, endpoint);
        context.Mark(InferenceStage.Arrival, endpoint);

        var passed = Enum.GetValues<InferenceStage>().Where(stage => context.HasPassed(stage, endpoint));
        Assert.Equal([InferenceStage.Arrival, InferenceStage.Auditing], passed);
    }

    [Fact]
    public void HasPassed_AnotherEndpoint_KnowsNothing()
    {
        var context = InferenceContext.Get(Some.Request());
        context.Mark(InferenceStage.Arrival, Some.Endpoint());

        Assert.False(context.HasPassed(InferenceStage.Arrival, Some.Endpoint()));
        Assert.False(context.HasPassed(InferenceStage.Arrival, endpoint: null));
    }

    [Fact]
    public void Mark_AnotherEndpoint_StartsFromNothing()
    {
        var first = Some.Endpoint();
        var second = Some.Endpoint();
        var context = InferenceContext.Get(Some.Request());
        context.Mark(InferenceStage.Arrival, first);

        context.Mark(InferenceStage.Auditing, second);

        Assert.False(context.HasPassed(InferenceStage.Arrival, second));
        Assert.True(context.HasPassed(InferenceStage.Auditing, second));
        Assert.False(context.HasPassed(InferenceStage.Arrival, first));
    }

    [Fact]
    public void Identify_LogHasRoom_KnowsTheCaller()
    {
        var context = InferenceContext.Get(Some.Request());
        var caller = Some.Caller();
        context.Record = new Record(hasRoom: true);

        Assert.Null(context.Identify(caller));
        Assert.Same(caller, context.Caller);
    }

    [Fact]
    public void Recheck_StageOfTheAppNamedAnotherCaller_StillLooksAtTheCredentialThatWasSent()
    {
        var context = InferenceContext.Get(Some.Request());
        var sent = Some.Caller();
        var check = new Check();
        context.Recognize(sent, check);
        context.Identify(sent);
        context.Identify(new Caller("shop/tenant", "Tenant", sent.Scopes));

        Assert.NotNull(context.Recheck());
        Assert.Same(sent, check.Asked);
    }

    [Fact]
    public void Identify_LogHasNoRoom_Refuses()
    {
        var context = InferenceContext.Get(Some.Request());
        context.Record = new Record(hasRoom: false);

        Assert.Equal(InferenceErrorCode.AuditUnavailable, context.Identify(Some.Caller())?.Code);
    }

    [Fact]
    public void TraceId_NoActivity_IsRandomAndStays()
    {
        var context = InferenceContext.Get(Some.Request());

        Assert.Matches("^[0-9a-f]{32}$", context.TraceId);
        Assert.Equal(context.TraceId, context.TraceId);
        Assert.NotEqual(context.TraceId, InferenceContext.Get(Some.Request()).TraceId);
    }

    private sealed class Check : ICredentialCheck
    {
        public Caller? Asked { get; private set; }

        public InferenceError? Recheck(Caller caller)
        {
            Asked = caller;
            return InferenceErrors.TokenInvalid;
        }
    }

    private sealed class Record(bool hasRoom) : IRequestRecord
    {
        public bool TryReserve() => hasRoom;

        public ValueTask<InferenceError?> AllowAsync(InferenceRequest? request) => new(hasRoom ? null : InferenceErrors.AuditUnavailable);

        public ValueTask<InferenceError?> ConcludeAsync(int status, InferenceResponse? answer) => default;

        public void End()
        {
        }
    }
}
