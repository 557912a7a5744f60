using System.Diagnostics;

namespace SecureInference.Tests.Abstractions;

/// <summary>By which id a request is found.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class InferenceContextTraceTests
{
    private const string Theirs = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string TraceParent = $"00-{Theirs}-00f067aa0ba902b7-01";

    [Fact]
    public void TraceId_OfAStrangersTrace_IsAnother()
    {
        using var platform = new Activity("platform").SetParentId(TraceParent).Start();
        using var below = new Activity("below").Start();

        var traceId = InferenceContext.Get(Some.Request()).TraceId;

        Assert.Matches("^[0-9a-f]{32}$", traceId);
        Assert.NotEqual(Theirs, traceId);
    }

    [Fact]
    public void TraceId_OfAListedProxysTrace_IsTheSame()
    {
        using var platform = new Activity("platform").SetParentId(TraceParent).Start();
        var context = InferenceContext.Get(Some.Request());
        context.CameByKnownProxy = true;

        Assert.Equal(Theirs, context.TraceId);
    }

    [Fact]
    public void TraceId_OfTheAppsOwnTrace_IsTheSame()
    {
        using var platform = new Activity("platform").Start();

        Assert.Equal(platform.TraceId.ToHexString(), InferenceContext.Get(Some.Request()).TraceId);
    }

    [Theory]
    [InlineData("|of.another.kind.")]
    [InlineData("x")]
    public void TraceId_ParentThatIsNoTraceParent_IsStillOne(string parent)
    {
        using var platform = new Activity("platform").SetParentId(parent).Start();
        var context = InferenceContext.Get(Some.Request());
        context.CameByKnownProxy = true;

        Assert.Matches("^(?!0{32})[0-9a-f]{32}$", context.TraceId);
    }

    [Fact]
    public void TraceId_NoTrace_StaysTheSameThroughoutTheRequest()
    {
        var context = InferenceContext.Get(Some.Request());

        Assert.Equal(context.TraceId, context.TraceId);
    }
}
