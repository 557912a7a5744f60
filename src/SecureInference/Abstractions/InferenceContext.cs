using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>What one guard tells the next about a request.</summary>
public sealed class InferenceContext
{
    private readonly StrangerConnection? _connection;
    private Endpoint? _endpoint;
    private int _stages;
    private string? _traceId;

    private InferenceContext(StrangerConnection? connection) => _connection = connection;

    /// <summary>Gets the caller, once it is known.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>Gets why the request was refused, once it was.</summary>
    public InferenceError? Refusal { get; internal set; }

    /// <summary>Gets the model that the request is about, once it is known to exist and to be visible to the caller.</summary>
    public string? Model { get; internal set; }

    /// <summary>Gets the version that answered.</summary>
    public string? ModelVersion { get; internal set; }

    /// <summary>Gets the rows that were run.</summary>
    public int Rows { get; internal set; }

    /// <summary>Gets the W3C trace id that stands in error bodies and audit records.</summary>
    public string TraceId => _traceId ??= (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();

    /// <summary>Gets or sets whether the connection is one of a proxy that the app lists, and so what it says of the client is believed.</summary>
    internal bool CameByKnownProxy { get; set; }

    internal IRequestRecord? Record { get; set; }

    internal ICredentialCheck? Credential { get; set; }

    /// <summary>Finds the context of a request, making it where there is none.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The context.</returns>
    public static InferenceContext Get(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var context = http.Features.Get<InferenceContext>();
        if (context is null)
        {
            context = new InferenceContext(http.Features.Get<StrangerConnection>());
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

    internal static InferenceContext? Find(HttpContext http) => http.Features.Get<InferenceContext>();

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
    internal InferenceError? Allow() => Recheck() ?? Record?.Allow();

    internal InferenceError? Recheck() => Caller is { } caller ? Credential?.Recheck(caller) : null;
}
