using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.Auditing.Payloads;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing;

/// <summary>One request's decision and outcome. It lies in the request's context, and so serves a connection's requests one after the other.</summary>
internal sealed class RequestRecord(AuditLog log, TimeProvider time) : IRequestRecord
{
    private const int ClientClosedRequest = 499;
    private const byte Allowed = 1;
    private const byte Refused = 2;

    /// <summary>A guarded endpoint decides before it runs: one that did not was never reached. A stage or a policy of the app answered, or the caller went away.</summary>
    private const string NotRun = "not_run";

    // A record is written from its first byte to its last without waiting.
    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly TensorNote _inputs = new();
    private readonly TensorNote _outputs = new();
    private HttpContext? _http;
    private InferenceContext? _context;
    private RequestName _name;
    private long _start;
    private byte _operation;
    private bool _isGuarded;
    private bool _isReserved;
    private bool _isDropped;
    private bool _isDecided;
    private int? _concludedStatus;
    private string? _concludedRule;

    /// <summary>Gets whether a request is being recorded.</summary>
    public bool IsOpen => _context is not null;

    private HttpContext Http => _http ?? throw NotInUse();

    private InferenceContext Context => _context ?? throw NotInUse();

    public bool IsOf(AuditLog other) => ReferenceEquals(log, other);

    public void Begin(HttpContext http, InferenceContext context)
    {
        _http = http;
        _context = context;
        _name = log.NameRequest();
        _start = time.GetTimestamp();
        _isReserved = _isDropped = _isDecided = false;
        _concludedStatus = null;
        _concludedRule = null;
        _inputs.Clear();
        _outputs.Clear();
        var demands = http.GetEndpoint()?.Metadata.GetMetadata<InferenceEndpointMetadata>();
        _isGuarded = demands is not null;
        _operation = AuditRecordEncoder.CodeOf(demands?.Operation);
    }

    public bool TryReserve()
    {
        if (!IsOpen || _isReserved || _isDropped)
        {
            return true;
        }

        _isReserved = log.TryReserve(2);
        _isDropped = !_isReserved && log.MayDrop;
        return _isReserved || _isDropped;
    }

    public ValueTask<InferenceError?> AllowAsync(InferenceRequest? request)
    {
        if (!IsOpen || _isDecided || _isDropped)
        {
            return default;
        }

        // Where the disk is known to fail, no decision is written that is taken back at once.
        if (!TryReserve() || (log.WaitsForDisk && log.IsFailing && !log.MayDrop))
        {
            return new(InferenceErrors.AuditUnavailable);
        }

        if (_isDropped)
        {
            return default;
        }

        if (!_inputs.TryCommit(log, PayloadEntry.Input, _name, Context.Caller, request?.Inputs))
        {
            return new(InferenceErrors.AuditUnavailable);
        }

        var ticket = Decide(Allowed, rule: null, request);
        return log.WaitsForDisk ? UntilOnDiskAsync(ticket) : default;
    }

    public ValueTask<InferenceError?> ConcludeAsync(int status, InferenceResponse? answer)
    {
        if (!IsOpen || _concludedStatus is not null)
        {
            return default;
        }

        _outputs.Set(answer?.Outputs);
        if (!_isDropped && !_outputs.TryCommit(log, PayloadEntry.Output, _name, Context.Caller, answer?.Outputs))
        {
            return new(InferenceErrors.AuditUnavailable);
        }

        var rule = Rule();
        if (!log.WaitsForDisk || IsStrangers(rule) || !TryReserve() || _isDropped)
        {
            return default;
        }

        return UntilOnDiskAsync(Conclude(status, rule));
    }

    /// <summary>Ends the record: a stranger's refusal is counted, everything else gets what is missing of its two records.</summary>
    public void Close(bool hasFailed)
    {
        var rule = Rule();
        if (IsStrangers(rule))
        {
            Forget();
            log.Tally(ClientNetwork.Of(Http), rule!);
        }
        else if (_concludedStatus is null ? !TryReserve() || _isDropped : !IsStill(hasFailed, rule) && !log.TryReserve(1))
        {
            log.Lose(_concludedStatus is null ? 2 : 1);
        }
        else if (_concludedStatus is null || !IsStill(hasFailed, rule))
        {
            Conclude(StatusOf(hasFailed), rule);
        }

        End();
    }

    public void End()
    {
        _http = null;
        _context = null;
    }

    private static InvalidOperationException NotInUse() => new("The record is not in use.");

    private string? Rule() => Context.Refusal is { } error ? error.Reason ?? error.Rule : _isGuarded && !_isDecided && _concludedStatus is null && !_isDropped ? NotRun : null;

    private bool IsStrangers(string? rule) => Context.Caller is null && rule is not null;

    /// <summary>Says whether the request ended as its outcome, which was written before the answer, says.</summary>
    private bool IsStill(bool hasFailed, string? rule) => _concludedStatus == StatusOf(hasFailed) && _concludedRule == rule;

    private int StatusOf(bool hasFailed) => !Context.IsAnswered && Http.RequestAborted.IsCancellationRequested
        ? ClientClosedRequest
        : hasFailed && !Http.Response.HasStarted ? StatusCodes.Status500InternalServerError : Http.Response.StatusCode;

    private async ValueTask<InferenceError?> UntilOnDiskAsync(long ticket) =>
        await log.WaitAsync(ticket) || log.MayDrop ? null : InferenceErrors.AuditUnavailable;

    private void Forget()
    {
        if (_isReserved && !_isDecided)
        {
            log.Release(2);
            _isReserved = false;
        }
    }

    private long Decide(byte decision, string? rule, InferenceRequest? request)
    {
        _isDecided = true;
        var scratch = _scratch ??= new byte[AuditFormat.MaxRecordBytes];
        var writer = Describe(scratch, AuditRecordKind.Decision);
        writer.Code(AuditField.Decision, decision);
        writer.Text(AuditField.Rule, rule);
        if (request is { Inputs.Count: > 0 })
        {
            writer.Tensors(AuditField.Inputs, request.Inputs);
        }

        writer.Bytes(AuditField.InputCommitment, _inputs.Commitment);

        return log.Append(scratch.AsSpan(0, writer.Length));
    }

    private long Conclude(int status, string? rule)
    {
        if (!_isDecided)
        {
            Decide(rule is null ? Allowed : Refused, rule, request: null);
        }

        (_concludedStatus, _concludedRule) = (status, rule);
        var scratch = _scratch ??= new byte[AuditFormat.MaxRecordBytes];
        var writer = Describe(scratch, AuditRecordKind.Outcome);
        writer.Text(AuditField.Rule, rule);
        writer.Text(AuditField.WouldRefuse, Context.WouldRefuse?.Rule);
        writer.Bytes(AuditField.Outputs, _outputs.Bytes);
        writer.Bytes(AuditField.OutputCommitment, _outputs.Commitment);
        writer.Number(AuditField.Status, status);
        writer.Number(AuditField.Rows, Context.Rows == 0 ? null : Context.Rows);
        writer.Number(AuditField.Cost, Context.Charge?.Tokens is > 0 and var tokens ? tokens : null);
        writer.Time(AuditField.QueueTime, Context.QueueTime);
        writer.Time(AuditField.RunTime, Context.RunTime);
        writer.Time(AuditField.Duration, time.GetElapsedTime(_start));
        return log.Append(scratch.AsSpan(0, writer.Length));
    }

    private AuditRecordWriter Describe(Span<byte> target, AuditRecordKind kind) =>
        RequestRecordWriter.Begin(target, log.Form, kind, time.GetUtcNow(), _name, Http, Context, _operation);
}
