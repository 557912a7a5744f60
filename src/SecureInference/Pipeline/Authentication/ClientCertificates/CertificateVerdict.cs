namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>What was found about a certificate, and for how long that holds; it looks again when something has changed.</summary>
internal sealed class CertificateVerdict : ICredentialCheck
{
    private readonly CertificateJudge _judge;
    private readonly ClientTrust _trust;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private readonly Caller? _caller;
    private volatile CertificateVerdict? _later;

    /// <param name="judge">Looks again.</param>
    /// <param name="shown">The certificate and what came with it.</param>
    /// <param name="trust">What it was judged by.</param>
    /// <param name="from">When it was judged.</param>
    /// <param name="until">Until when that holds.</param>
    /// <param name="caller">Whose it is, where it is accepted.</param>
    /// <param name="error">The refusal, where it is not.</param>
    public CertificateVerdict(
        CertificateJudge judge, ShownCertificate shown, ClientTrust trust, DateTimeOffset from, DateTimeOffset until, Caller? caller, InferenceError? error)
    {
        _judge = judge;
        _trust = trust;
        _from = from;
        _until = until;
        _caller = caller;
        Shown = shown;
        Error = error;
    }

    public ShownCertificate Shown { get; }

    public InferenceError? Error { get; }

    public Recognition Recognition =>
        Error is not null ? Recognition.Refused(Error) : _caller is not null ? Recognition.Of(_caller, this) : default;

    /// <summary>Says whether nothing has changed since; a clock that was set back counts as a change.</summary>
    public bool Holds(ClientTrust trust, DateTimeOffset now) => ReferenceEquals(_trust, trust) && now >= _from && now < _until;

    public InferenceError? Recheck(Caller caller)
    {
        // The requests in flight of one connection share what the first of them finds.
        var verdict = _judge.Again(_later ?? this, out var error);
        if (verdict is not null && !ReferenceEquals(verdict, this))
        {
            _later = verdict;
        }

        return error ?? verdict?.Error;
    }
}
