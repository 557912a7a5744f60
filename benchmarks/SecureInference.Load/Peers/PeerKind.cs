namespace SecureInference.Load.Peers;

/// <summary>The servers that do the same job.</summary>
internal enum PeerKind
{
    /// <summary>Kestrel alone: reads the body and answers a constant.</summary>
    Bare,

    /// <summary>No guards, written for speed by hand.</summary>
    Lean,

    /// <summary>No guards, as most would write it: minimal API, System.Text.Json, NamedOnnxValue.</summary>
    Floor,

    /// <summary>The floor with what a team would write by hand: an authentication handler, the platform's rate limiter, a log file.</summary>
    Hand,

    /// <summary>Ours, the protocol and the engine alone.</summary>
    OursOpen,

    /// <summary>Ours with every guard but the audit log.</summary>
    OursUnaudited,

    /// <summary>Ours with every guard.</summary>
    Ours,
}
