namespace SecureInference.Pipeline.Authentication;

/// <summary>What credentials say: whose they are and how to look again, or why they are refused; nothing where none was sent.</summary>
internal readonly struct Recognition
{
    private Recognition(Caller? caller, ICredentialCheck? check, InferenceError? error)
    {
        Caller = caller;
        Check = check;
        Error = error;
    }

    public Caller? Caller { get; }

    public ICredentialCheck? Check { get; }

    public InferenceError? Error { get; }

    /// <summary>Gets whether the credential is bound to the connection's certificate, which then proves it and names nobody else.</summary>
    public bool IsBound { get; private init; }

    public static Recognition Of(Caller caller, ICredentialCheck check, bool isBound = false) => new(caller, check, null) { IsBound = isBound };

    public static Recognition Refused(InferenceError error) => new(null, null, error);

    /// <summary>Adds another credential of the same request: both must be good and name the same caller.</summary>
    public Recognition And(in Recognition other)
    {
        if (Error is not null || other.Check is null)
        {
            return Error is null && other.Error is not null ? other : this;
        }

        if (Check is null)
        {
            return other;
        }

        // A bound token names the caller; the certificate that it is bound to stays a condition.
        if (!IsBound && !NamesSame(Caller, other.Caller))
        {
            return Refused(InferenceErrors.CredentialsDiffer);
        }

        // The same credential twice; two secrets of one key are two, and each may end by itself.
        var isSame = ReferenceEquals(Check, other.Check) && ReferenceEquals(Caller, other.Caller);
        return isSame ? this : new Recognition(Caller, new BothChecks(this, other), null) { IsBound = IsBound };
    }

    // By what they name, not by object: a store may be read again between the two.
    private static bool NamesSame(Caller? one, Caller? other) =>
        one?.Method == other?.Method && one?.Subject == other?.Subject && one?.CredentialId == other?.CredentialId;

    /// <summary>Looks at both credentials again.</summary>
    private sealed class BothChecks(Recognition first, Recognition second) : ICredentialCheck
    {
        public InferenceError? Recheck(Caller caller) => Recheck(first) ?? Recheck(second);

        private static InferenceError? Recheck(in Recognition recognition) =>
            recognition is { Caller: { } caller, Check: { } check } ? check.Recheck(caller) : null;
    }
}
