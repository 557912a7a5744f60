using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecureInference.Tests.Abstractions;

/// <summary>A server keeps an HttpContext for the next request of a connection: nothing of the first may be left.</summary>
public sealed class InferenceContextReuseTests
{
    [Fact]
    public void Get_SameHttpContextWithNewFeatures_IsAsNew()
    {
        var fresh = Snapshot(InferenceContext.Get(new DefaultHttpContext()));
        var http = new DefaultHttpContext();
        var context = InferenceContext.Get(http);
        Fill(context, http);
        var filled = Snapshot(context);

        http.Initialize(new FeatureCollection());
        var next = InferenceContext.Get(http);

        Assert.Same(context, next);
        Assert.True(((Leftover)next.Charge!).IsEnded);
        Assert.True(((Leftover)next.Record!).IsEnded);
        Assert.Equal(fresh, Snapshot(next));
        Assert.All(fresh, value => Assert.NotEqual(value.Value, filled[value.Key]));
    }

    [Fact]
    public void User_OfTheRequestBefore_IsGone()
    {
        var http = new DefaultHttpContext();
        Fill(InferenceContext.Get(http), http);
        Assert.Equal("shop", http.User.FindFirst("sub")?.Value);

        http.Initialize(new FeatureCollection());
        InferenceContext.Get(http);

        Assert.Null(http.User.FindFirst("sub"));
    }

    [Fact]
    public void Get_TwoRequestsAtOnce_HaveOneEach() =>
        Assert.NotSame(InferenceContext.Get(new DefaultHttpContext()), InferenceContext.Get(new DefaultHttpContext()));

    private static void Fill(InferenceContext context, HttpContext http)
    {
        Assert.True(ScopeSet.TryParse(["admin"], out var scopes, out _));
        context.Identify(new Caller("shop", "test", scopes));
        context.Recognize(context.Caller!, new Leftover());
        context.SetUser(http);
        _ = context.TraceId;
        context.Mark(InferenceStage.RateLimiting, new Endpoint(null, null, null));
        foreach (var property in typeof(InferenceContext).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Where(static property => property.CanWrite))
        {
            property.SetValue(context, property.PropertyType switch
            {
                var type when type == typeof(string) => "left over",
                var type when type == typeof(int) => 7,
                var type when type == typeof(long) => 7L,
                var type when type == typeof(Activity) => new Activity("left over"),
                var type when type == typeof(bool) => true,
                var type when type == typeof(TimeSpan?) => TimeSpan.FromSeconds(7),
                var type when type == typeof(InferenceError) => InferenceErrors.Internal,
                var type when type == typeof(IRequestRecord) => new Leftover(),
                var type when type == typeof(IRequestCharge) => new Leftover(),
                var type when type == typeof(ICredentialCheck) => new Leftover(),
                _ => property.GetValue(context),
            });
        }

        context.Report.Note(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        context.Report.Asker = context.Report.Batch = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default);
        typeof(InferenceContext).GetField("_connection", BindingFlags.Instance | BindingFlags.NonPublic)!
            .SetValue(context, new StrangerConnection(static _ => { }, default));
    }

    // Every field but those that are kept, and emptied, so that one which is added and not cleared fails the test.
    private static Dictionary<string, object?> Snapshot(InferenceContext context) =>
        FieldsOf(context).Concat(FieldsOf(context.Report)).ToDictionary(static field => $"{field.Of.GetType().Name} {field.Field.Name}", static field => field.Field.GetValue(field.Of));

    private static IEnumerable<(object Of, FieldInfo Field)> FieldsOf(object of) => of.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Where(static field => field.FieldType != typeof(CallerUser) && field.FieldType != typeof(IRequestCharge) && field.FieldType != typeof(IRequestRecord) && field.FieldType != typeof(RunReport)
            && field.Name != $"<{nameof(InferenceContext.Work)}>k__BackingField")
        .Select(field => (of, field));

    private sealed class Leftover : IRequestRecord, ICredentialCheck, IRequestCharge
    {
        public bool IsEnded { get; private set; }

        public ValueTask<InferenceError?> SettleAsync(HttpContext http, int rows, long bytes) => default;

        public void GiveBack(HttpContext http)
        {
        }

        public void End() => IsEnded = true;

        public bool TryReserve() => true;

        public long Tokens => 0;

        public ValueTask<InferenceError?> AllowAsync(InferenceRequest? request) => default;

        public ValueTask<InferenceError?> ConcludeAsync(int status, InferenceResponse? answer) => default;

        public InferenceError? Recheck(Caller caller) => null;
    }
}
