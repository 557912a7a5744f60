using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace SecureInference;

/// <summary>What one guard tells the next about a request.</summary>
public sealed class InferenceContext
{
    // A server keeps an HttpContext for the next request of its connection or stream; so long lives this, and a request allocates none.
    private static readonly ConditionalWeakTable<HttpContext, InferenceContext> Contexts = [];

    private readonly CallerUser _user = new();
    private StrangerConnection? _connection;
    private Caller? _recognized;
    private Endpoint? _endpoint;
    private int _stages;
    private UInt128 _trace;
    private string? _traceId;

    private InferenceContext()
    {
    }

    /// <summary>Gets the caller, once it is known.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>Gets why the request was refused, once it was.</summary>
    public InferenceError? Refusal { get; internal set; }

    /// <summary>Gets the model that the request is about, once it is known to exist and to be visible to the caller.</summary>
    public string? Model { get; internal set; }

    /// <summary>Gets the version that answered.</summary>
    public string? ModelVersion { get; internal set; }

    /// <summary>Gets the digest of the model's files, where the engine loads files.</summary>
    public string? ModelDigest { get; internal set; }

    /// <summary>Gets how long the request waited for a lane, once it ran.</summary>
    public TimeSpan? QueueTime => Report.QueueTime;

    /// <summary>Gets how long the run of the request took, once it ran.</summary>
    public TimeSpan? RunTime => Report.RunTime;

    /// <summary>Gets the rows that were run.</summary>
    public int Rows { get; internal set; }

    /// <summary>Gets the W3C trace id that stands in error bodies and audit records.</summary>
    public string TraceId => _traceId ??= FormatTraceId();

    /// <summary>Gets or sets whether the whole answer was handed over while its caller was there: who closes the connection after that has not left.</summary>
    internal bool IsAnswered { get; set; }

    /// <summary>Gets or sets whether the connection is one of a proxy that the app lists, and so what it says of the client is believed.</summary>
    internal bool CameByKnownProxy { get; set; }

    /// <summary>Gets where whoever runs the request says how long it took; it is kept for the next request of the connection.</summary>
    internal RunReport Report { get; } = new();

    /// <summary>Gets or sets the span of the request, where somebody listens.</summary>
    internal Activity? Span { get; set; }

    /// <summary>Gets or sets the time stamp of the request's arrival, where somebody measures it, or 0.</summary>
    internal long Started { get; set; }

    /// <summary>Gets or sets the request's record; it is kept for the next request of the connection.</summary>
    internal IRequestRecord? Record { get; set; }

    /// <summary>Gets or sets what the request costs its caller; it is kept for the next request of the connection.</summary>
    internal IRequestCharge? Charge { get; set; }

    /// <summary>Gets or sets what the protocol works with; it is kept for the next request of the connection, and taken away while it is in use.</summary>
    internal object? Work { get; set; }

    /// <summary>Gets or sets why the request would have been refused, where limits are only tried out.</summary>
    internal InferenceError? WouldRefuse { get; set; }

    internal ICredentialCheck? Credential { get; private set; }

    /// <summary>Finds the context of a request, making it where there is none.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The context. Like the <see cref="HttpContext"/> itself, it is not for use after the request.</returns>
    public static InferenceContext Get(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var context = Find(http);
        if (context is null)
        {
            context = Contexts.GetValue(http, static _ => new InferenceContext());
            context.Begin(http.Features.Get<StrangerConnection>());
            http.Features.Set(context);
        }

        return context;
    }

    /// <summary>Says who the caller is; the guards do so, and a stage of the app's own may.</summary>
    /// <param name="caller">The caller.</param>
    /// <returns>The refusal, where the request cannot be recorded; write nothing and pass nothing on then.</returns>
    public InferenceError? Identify(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Caller = caller;

        // Known is known, whatever becomes of this request.
        _connection?.Release();
        return Record is null || Record.TryReserve() ? null : InferenceErrors.AuditUnavailable;
    }

    // By the type, which is one interface call; by a type argument it is found anew at every call.
    internal static InferenceContext? Find(HttpContext http) => http.Features[typeof(InferenceContext)] as InferenceContext;

    /// <summary>Notes whose the credential of the request is, and how to look at it again.</summary>
    internal void Recognize(Caller caller, ICredentialCheck? credential)
    {
        _recognized = caller;
        Credential = credential;
    }

    /// <summary>Makes the caller the request's user.</summary>
    internal void SetUser(HttpContext http)
    {
        _user.Begin(Caller);
        http.Features.Set<IHttpAuthenticationFeature>(_user);
    }

    /// <summary>Notes that a guard let the request through to its endpoint; another endpoint starts from nothing.</summary>
    internal void Mark(InferenceStage stage, Endpoint? endpoint)
    {
        if (!ReferenceEquals(_endpoint, endpoint))
        {
            _endpoint = endpoint;
            _stages = 0;
        }

        _stages |= 1 << (int)stage;
    }

    internal bool HasPassed(InferenceStage stage, Endpoint? endpoint) =>
        ReferenceEquals(_endpoint, endpoint) && (_stages & (1 << (int)stage)) != 0;

    /// <summary>Records that the request goes ahead, if its credential is still accepted.</summary>
    internal ValueTask<InferenceError?> AllowAsync(InferenceRequest? request = null) =>
        Recheck() is { } error ? new(error) : Record?.AllowAsync(request) ?? default;

    /// <summary>Records what is about to be answered, where nothing may leave before it is recorded.</summary>
    internal ValueTask<InferenceError?> ConcludeAsync(int status, InferenceResponse? answer = null) => Record?.ConcludeAsync(status, answer) ?? default;

    /// <summary>Writes the 16 bytes of the trace id, which stays the same to the end of the request.</summary>
    internal void CopyTraceId(Span<byte> target)
    {
        if (_trace == 0)
        {
            FindTraceId(target);
            _trace = BinaryPrimitives.ReadUInt128BigEndian(target);
        }

        BinaryPrimitives.WriteUInt128BigEndian(target, _trace);
    }

    /// <summary>Charges what the request costs beyond the least, before it takes a place in a queue.</summary>
    internal ValueTask<InferenceError?> SettleAsync(HttpContext http, int rows, long bytes) => Charge?.SettleAsync(http, rows, bytes) ?? default;

    // Of the caller that the credential named: a stage of the app's own may have named another since, whom the credential's check knows nothing of.
    internal InferenceError? Recheck() => _recognized is { } caller ? Credential?.Recheck(caller) : null;

    private string FormatTraceId()
    {
        Span<byte> bytes = stackalloc byte[16];
        CopyTraceId(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    // A caller must not choose by which id its request is found; one in front of us that the app lists may.
    private void FindTraceId(Span<byte> target)
    {
        if (Activity.Current is { } span && span.TraceId != default && TraceSource.FindForeign(CameByKnownProxy) is null)
        {
            span.TraceId.CopyTo(target);
        }
        else
        {
            RandomNumberGenerator.Fill(target);
        }
    }

    // Every field: what is left of one request must not reach the next.
    private void Begin(StrangerConnection? connection)
    {
        _connection = connection;
        _recognized = null;
        _endpoint = null;
        _stages = 0;
        _trace = 0;
        _traceId = null;
        _user.Begin(caller: null);
        Caller = null;
        Refusal = null;
        Model = null;
        ModelVersion = null;
        ModelDigest = null;
        Report.Clear();
        Span = null;
        Started = 0;
        Rows = 0;
        CameByKnownProxy = false;
        IsAnswered = false;
        Record?.End();
        Charge?.End();
        WouldRefuse = null;
        Credential = null;
    }
}
