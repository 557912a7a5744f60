using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Auditing;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.Auditing;

public sealed class AuditingMiddlewareTests
{
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, "digits", ModelParameter: null);
    private readonly CollectingAuditSink _sink = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Invoke_KnownCallerLetThrough_WritesDecisionThenOutcome()
    {
        var records = await RunAsync(async http =>
        {
            var context = InferenceContext.Get(http);
            Assert.Null(context.Identify(Some.Caller()));
            Assert.Null(await context.AllowAsync());
            context.Model = "digits";
            context.Rows = 3;
            _time.Advance(TimeSpan.FromMilliseconds(5));
        });

        Assert.Equal([AuditRecordKind.Decision, AuditRecordKind.Outcome], records.Select(record => record.Kind));
        Assert.Equal("allow", records[0].Decision);
        Assert.Equal("infer", records[0].Operation);
        Assert.Equal("shop", records[0].Caller);
        Assert.Equal(200, records[1].Status);
        Assert.Equal(3, records[1].Rows);
        Assert.Equal(TimeSpan.FromMilliseconds(5), records[1].Duration);
        Assert.Equal(records[0].RequestId, records[1].RequestId);
        Assert.Equal(records[0].TraceId, records[1].TraceId);
    }

    [Fact]
    public async Task Invoke_KnownCallerRefused_WritesTheTrueReason()
    {
        var records = await RunAsync(async http =>
        {
            InferenceContext.Get(http).Identify(Some.Caller());
            await ErrorResponse.WriteAsync(http, InferenceErrors.CredentialRejected(403, "key_revoked"));
        });

        Assert.Equal(["refuse", null], records.Select(record => record.Decision));
        Assert.All(records, record => Assert.Equal("key_revoked", record.Rule));
        Assert.Equal(403, records[1].Status);
    }

    [Fact]
    public async Task Invoke_CallerClosesAfterTheWholeAnswer_RecordsWhatWasAnswered()
    {
        var records = await RunAsync(async http =>
        {
            InferenceContext.Get(http).Identify(Some.Caller());
            await ErrorResponse.WriteAsync(http, InferenceErrors.ModelNotFound("digits"));
            http.RequestAborted = new CancellationToken(canceled: true);
        });

        Assert.Equal(404, records[1].Status);
    }

    [Fact]
    public async Task Invoke_StrangerRefused_IsCountedOnly()
    {
        var records = await RunAsync(http => ErrorResponse.WriteAsync(http, InferenceErrors.CredentialMissing));

        var tally = Assert.Single(records);
        Assert.Equal(AuditRecordKind.Refusals, tally.Kind);
        Assert.Equal("credential_missing", tally.Rule);
        Assert.Null(tally.RequestId);
    }

    [Fact]
    public async Task Invoke_HandlerThrows_RecordsAFailureAndLetsItThrough()
    {
        var records = await RunAsync(
            http =>
            {
                InferenceContext.Get(http).Identify(Some.Caller());
                throw new InvalidOperationException("secret");
            },
            throws: true);

        Assert.Equal(500, records[^1].Status);
        Assert.DoesNotContain(records, record => record.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Invoke_CallerWentAway_Is499()
    {
        var records = await RunAsync(http =>
        {
            InferenceContext.Get(http).Identify(Some.Caller());
            http.RequestAborted = new CancellationToken(canceled: true);
            return Task.CompletedTask;
        });

        Assert.Equal(499, records[^1].Status);
    }

    [Fact]
    public async Task Invoke_Health_IsNotRecorded() => Assert.Empty(
        await RunAsync(_ => Task.CompletedTask, demands: new InferenceEndpointMetadata(InferenceOperation.Health, Model: null, ModelParameter: null)));

    [Fact]
    public async Task Invoke_QueueIsFull_RefusesTheCallerAndWritesAGap()
    {
        InferenceError? refusal = null;

        var records = await RunAsync(
            http =>
            {
                refusal = InferenceContext.Get(http).Identify(Some.Caller());
                return ErrorResponse.WriteAsync(http, refusal!);
            },
            alreadyReserved: 1);

        Assert.Equal(InferenceErrorCode.AuditUnavailable, refusal?.Code);
        var gap = Assert.Single(records);
        Assert.Equal(AuditRecordKind.Gap, gap.Kind);
        Assert.Equal(2, gap.Count);
    }

    [Fact]
    public async Task Invoke_ManyRequestsOfEachKind_GivesEveryReservationBack()
    {
        using var log = CreateLog(capacity: 2);
        log.Start();

        for (var round = 0; round < 20; round++)
        {
            await InvokeAsync(log, http => ErrorResponse.WriteAsync(http, InferenceErrors.CredentialMissing));
            await InvokeAsync(log, http => InferenceContext.Get(http).Identify(Some.Caller()) is { } error ? ErrorResponse.WriteAsync(http, error) : Task.CompletedTask);
            await Eventually.TrueAsync(
                () =>
                {
                    var isFree = log.TryReserve(2);
                    log.Release(isFree ? 2 : 0);
                    return isFree;
                },
                TestContext.Current.CancellationToken);
        }

        await log.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(40, _sink.Records.Count(record => record.Kind is AuditRecordKind.Decision or AuditRecordKind.Outcome));
    }

    [Fact]
    public async Task Invoke_AHundredThousandStrangers_NeitherFillTheLogNorRefuseAKnownCaller()
    {
        const int Strangers = 100_000;
        using var log = CreateLog(capacity: 2);
        for (var stranger = 0; stranger < Strangers; stranger++)
        {
            await InvokeAsync(log, static http => ErrorResponse.WriteAsync(http, InferenceErrors.CredentialMissing));
        }

        var refusal = (InferenceError?)InferenceErrors.Internal;
        await InvokeAsync(log, http =>
        {
            refusal = InferenceContext.Get(http).Identify(Some.Caller());
            return Task.CompletedTask;
        });
        log.Start();
        await log.StopAsync(TestContext.Current.CancellationToken);

        Assert.Null(refusal);
        Assert.Equal(Strangers, Assert.Single(_sink.Records, static record => record.Kind == AuditRecordKind.Refusals).Count);
        Assert.Equal(2, _sink.Records.Count(static record => record.Kind is AuditRecordKind.Decision or AuditRecordKind.Outcome));
    }

    private async Task<IReadOnlyList<AuditRecord>> RunAsync(
        RequestDelegate next, bool throws = false, int alreadyReserved = 0, InferenceEndpointMetadata? demands = null)
    {
        using var log = CreateLog(capacity: 2);
        log.TryReserve(alreadyReserved);
        var exception = await Record.ExceptionAsync(() => InvokeAsync(log, next, demands));
        Assert.Equal(throws, exception is not null);
        log.Start();
        await log.StopAsync(TestContext.Current.CancellationToken);
        return _sink.Records;
    }

    private Task InvokeAsync(AuditLog log, RequestDelegate next, InferenceEndpointMetadata? demands = null) =>
        new AuditingMiddleware(next, log, _time).InvokeAsync(Some.Request("203.0.113.7", demands ?? Infer));

    private AuditLog CreateLog(int capacity) => new(
        new MemoryStore(), [_sink], new AuditOptions { QueueCapacity = capacity }, Some.Part<AuditTelemetry>(), TimeProvider.System);
}
