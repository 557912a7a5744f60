using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.Auditing;

/// <summary>One request's decision and outcome.</summary>
internal sealed class RequestRecord : IRequestRecord
{
    private const int ClientClosedRequest = 499;

    /// <summary>A guarded endpoint decides before it runs: one that did not was never reached. A stage or a policy of the app answered, or the caller went away.</summary>
    private const string NotRun = "not_run";

    private readonly AuditLog _log;
    private readonly TimeProvider _time;
    private readonly HttpContext _http;
    private readonly InferenceContext _context;
    private readonly string _operation;
    private readonly bool _isGuarded;
    private readonly long _start;
    private string? _requestId;
    private bool _isReserved;
    private bool _isDecided;

    public RequestRecord(AuditLog log, TimeProvider time, HttpContext http, InferenceContext context)
    {
        _log = log;
        _time = time;
        _http = http;
        _context = context;
        _start = time.GetTimestamp();
        var demands = http.GetEndpoint()?.Metadata.GetMetadata<InferenceEndpointMetadata>();
        _isGuarded = demands is not null;
        _operation = demands?.Operation switch
        {
            InferenceOperation.Health => "health",
            InferenceOperation.Discover => "discover",
            InferenceOperation.Read => "read",
            InferenceOperation.Infer => "infer",
            InferenceOperation.Admin => "admin",
            _ => "none",
        };
    }

    public bool TryReserve() => _isReserved = _isReserved || _log.TryReserve(2);

    public InferenceError? Allow()
    {
        if (_isDecided)
        {
            return null;
        }

        if (!TryReserve())
        {
            return InferenceErrors.AuditUnavailable;
        }

        Decide("allow", rule: null);
        return null;
    }

    /// <summary>Ends the record: a stranger's refusal is counted, everything else gets what is missing of its two records.</summary>
    public void Close(bool hasFailed)
    {
        var rule = Rule();
        if (_context.Caller is null && rule is not null)
        {
            Forget();
            _log.Tally(ClientNetwork.Of(_http), rule);
            return;
        }

        if (!TryReserve())
        {
            _log.Lose(2);
            return;
        }

        if (!_isDecided)
        {
            Decide(rule is null ? "allow" : "refuse", rule);
        }

        _log.Append(Describe(AuditRecordKind.Outcome) with
        {
            ModelVersion = _context.ModelVersion,
            Rule = rule,
            WouldRefuse = _context.WouldRefuse?.Rule,
            Status = StatusOf(hasFailed),
            Rows = _context.Rows == 0 ? null : _context.Rows,
            Duration = _time.GetElapsedTime(_start),
        });
    }

    private string? Rule() => _context.Refusal is { } error ? error.Reason ?? error.Rule : _isGuarded && !_isDecided ? NotRun : null;

    private int StatusOf(bool hasFailed) => _http.RequestAborted.IsCancellationRequested
        ? ClientClosedRequest
        : hasFailed && !_http.Response.HasStarted ? StatusCodes.Status500InternalServerError : _http.Response.StatusCode;

    private void Forget()
    {
        if (_isReserved && !_isDecided)
        {
            _log.Release(2);
            _isReserved = false;
        }
    }

    private void Decide(string decision, string? rule)
    {
        _isDecided = true;
        _log.Append(Describe(AuditRecordKind.Decision) with { Decision = decision, Rule = rule });
    }

    private AuditRecord Describe(AuditRecordKind kind) => new()
    {
        Kind = kind,
        Time = _time.GetUtcNow(),
        RequestId = _requestId ??= _log.NameRequest(),
        TraceId = _context.TraceId,
        Caller = _context.Caller?.Subject,
        CredentialId = _context.Caller?.CredentialId,
        Method = _context.Caller?.Method,
        Network = ClientNetwork.Of(_http).ToString(),
        Operation = _operation,
        Model = _context.Model,
    };
}
