namespace SecureInference.Pipeline.Auditing;

/// <summary>Where records go, what they hold, how safe they are, and how many may wait.</summary>
public sealed class AuditOptions
{
    /// <summary>Gets or sets the folder of the log; a relative path starts at the content root. One process writes to one folder.</summary>
    /// <value>The default is <c>audit</c>.</value>
    public string Directory { get; set; } = "audit";

    /// <summary>Gets or sets what a power cut may take of the log.</summary>
    /// <value>The default is <see cref="AuditDurability.Batched"/>.</value>
    public AuditDurability Durability { get; set; } = AuditDurability.Batched;

    /// <summary>Gets or sets how long it may take until a record is on disk, on a quiet disk, with <see cref="AuditDurability.Batched"/>: until the operating system has it with <see cref="AuditDurability.None"/>. A longer time takes less of the processors.</summary>
    /// <value>The default is 2 ms, which is also the least; the resolution is 1 ms.</value>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Gets or sets what happens to a request that there is no room to record.</summary>
    /// <value>The default is <see cref="AuditWhenFull.Block"/>.</value>
    public AuditWhenFull WhenFull { get; set; } = AuditWhenFull.Block;

    /// <summary>Gets or sets the records that may wait to be written, those of requests in flight among them.</summary>
    /// <value>The default is 65,536.</value>
    public int QueueCapacity { get; set; } = 65_536;

    /// <summary>Gets or sets the bytes that these records may take. A request in flight stands for 8 KiB, a record that waits for its true size, about 250 bytes.</summary>
    /// <value>The default is 64 MiB.</value>
    public int QueueBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets how long a request waits for the disk with <see cref="AuditDurability.PerRequest"/>.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how often the refusals of strangers are written, summed up by network and reason.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan RefusalInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the file of the key that signs checkpoints: a PEM of an ECDSA P-256 key that nobody else may read. The environment variable <c>SECUREINFERENCE_AUDIT_KEY</c> may hold the PEM instead.</summary>
    /// <value>The default is a key that is made in the folder of the log, which shows little against who can write there.</value>
    public string? KeyFile { get; set; }

    /// <summary>Gets or sets the file of the key that signed before, for the start at which another follows it: the new key is introduced under the old one's signature.</summary>
    public string? PreviousKeyFile { get; set; }

    /// <summary>Gets or sets how often a checkpoint is signed, while there are records to sign.</summary>
    /// <value>The default is a second.</value>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets after how many records one is signed at the latest.</summary>
    /// <value>The default is 10,000.</value>
    public int CheckpointRecords { get; set; } = 10_000;

    /// <summary>Gets or sets the size at which a file of the log is finished and another begun.</summary>
    /// <value>The default is 64 MiB.</value>
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets the age at which a file of the log is finished and another begun.</summary>
    /// <value>The default is a day.</value>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Gets or sets how long finished files are kept.</summary>
    /// <value>The default is for ever.</value>
    public TimeSpan? KeepFor { get; set; }

    /// <summary>Gets or sets what happens at the start where the log was changed since its last checkpoint.</summary>
    /// <value>The default is <see cref="AuditWhenTampered.Stop"/>.</value>
    public AuditWhenTampered WhenTampered { get; set; } = AuditWhenTampered.Stop;

    /// <summary>Gets or sets whether records hold the caller's address, beside its network.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IncludeAddress { get; set; }

    /// <summary>Gets or sets the fields that records leave out: <c>TraceId</c>, <c>CredentialId</c>, <c>Certificate</c>, <c>Network</c>, <c>ModelDigest</c>, <c>Tensors</c>.</summary>
    /// <value>The default is none.</value>
    public IList<string> OmitFields { get; set; } = [];

    /// <summary>Gets or sets what is kept of what callers send and models answer.</summary>
    /// <value>The default is <see cref="AuditPayloads.None"/>.</value>
    public AuditPayloads Payloads { get; set; } = AuditPayloads.None;

    /// <summary>Gets or sets the folder of salts and payloads, apart from the log; a relative path starts at the content root.</summary>
    /// <value>The default is <c>audit-payloads</c>.</value>
    public string PayloadDirectory { get; set; } = "audit-payloads";

    /// <summary>Gets or sets the file of the key that wraps the callers' keys: 32 bytes in base64. The environment variable <c>SECUREINFERENCE_AUDIT_PAYLOAD_KEY</c> may hold them instead.</summary>
    public string? PayloadKeyFile { get; set; }

    /// <summary>Gets or sets the bytes of payloads that may wait to be written.</summary>
    /// <value>The default is 64 MiB.</value>
    public int PayloadQueueBytes { get; set; } = 64 << 20;

    /// <summary>Gets or sets the names of tensors whose elements are neither kept nor committed to.</summary>
    /// <value>The default is none.</value>
    public IList<string> RedactTensors { get; set; } = [];

    /// <summary>Gets or sets a second folder, on another disk say, which gets records as JSON lines, and checkpoints; a relative path starts at the content root.</summary>
    /// <value>The default is none.</value>
    public string? CopyDirectory { get; set; }

    /// <summary>Gets or sets whether records and checkpoints are written to standard output too, a JSON object a line.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool WriteToConsole { get; set; }

    /// <summary>Gets or sets whether records and checkpoints go to the app's logging too, under the category <c>SecureInference.Audit</c>, and so to OpenTelemetry where the app exports its logs.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool WriteToLog { get; set; }

    internal IEnumerable<string> Problems() => AuditOptionsCheck.Problems(this);
}
