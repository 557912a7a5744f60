namespace SecureInference.Load.Peers;

/// <summary>One server that is measured.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Kind">Which of the servers it is.</param>
/// <param name="Settings">What of the configuration's section it sets, as <c>Name=Value</c>.</param>
internal sealed record PeerSetup(string Name, PeerKind Kind, params IReadOnlyList<string> Settings)
{
    /// <summary>The baselines, and ours; a setting that a version does not have leaves its row out.</summary>
    public static IReadOnlyList<PeerSetup> All { get; } =
    [
        new("bare Kestrel", PeerKind.Bare),
        new("lean, no guards", PeerKind.Lean),
        new("floor, no guards", PeerKind.Floor),
        new("hand-written guards", PeerKind.Hand),
        new("ours, guards off", PeerKind.OursOpen),
        new("ours, guards only", PeerKind.OursUnaudited),
        new("ours, audit Batched", PeerKind.Ours, "Audit:Durability=Batched"),
        new("ours, Batched, Commitment", PeerKind.Ours, "Audit:Durability=Batched", "Audit:Payloads=Commitment"),
        new("ours, audit PerRequest", PeerKind.Ours, "Audit:Durability=PerRequest"),
        new("ours, Batched, every 10 ms", PeerKind.Ours, "Audit:Durability=Batched", "Audit:CommitInterval=00:00:00.010"),
    ];

    public bool SpeaksBinary => Kind is not (PeerKind.Lean or PeerKind.Floor or PeerKind.Hand);
}
