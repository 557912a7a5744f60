namespace SecureInference;

/// <summary>The dials of one model.</summary>
public sealed class ModelOptions : ModelTrustOptions
{
    /// <summary>The rows that a request may have where <see cref="MaxBatchSize"/> says nothing.</summary>
    public const int DefaultMaxRows = 32;

    /// <summary>The value of <see cref="MaxOutputBytes"/> where nothing is said.</summary>
    internal const long DefaultMaxOutputBytes = 64L << 20;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the model file, or a folder of versions: <c>1/model.onnx</c>, <c>2/model.onnx</c>. A relative path starts at the content root.</summary>
    public string Path { get; set; } = "";

    /// <summary>Gets or sets which versions are served: their numbers, or <c>all</c>.</summary>
    /// <value>The default is an empty list: the highest that can be loaded.</value>
    public IList<string> Versions { get; set; } = [];

    /// <summary>Gets or sets where the keys are that an encrypted model is opened with: paths of identity files, or <c>env:NAME</c> for an environment variable. A relative path starts at the content root.</summary>
    /// <value>The default is an empty list: an encrypted model is refused.</value>
    public IList<string> Identities { get; set; } = [];

    /// <summary>Gets or sets where the passphrase is that an encrypted model is opened with: the path of a file that holds it, or <c>env:NAME</c>.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    public string? PassphraseFile { get; set; }

    /// <summary>Gets or sets how often the files are looked at for changes, beside being watched.</summary>
    /// <value>The default is five seconds; zero follows them not at all.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the most rows in one run, where the first dimension of the model's inputs varies, and so in one request.</summary>
    /// <value>The default is <see langword="null"/>: 32 rows, and requests never share a run. With a number above 1, rows of several callers run together: only for a model
    /// whose rows have no influence on each other, which a probe at start tries to prove wrong.</value>
    public int? MaxBatchSize { get; set; }

    /// <summary>Gets or sets the rows from which on a lane waits for no more.</summary>
    /// <value>The default is <see langword="null"/>: as many as are enough, which is measured when the model is loaded. Then a run takes no more of several requests either.</value>
    public int? PreferredBatchSize { get; set; }

    /// <summary>Gets or sets the longest that a free lane waits for requests that are on their way in, while it has fewer rows than <see cref="PreferredBatchSize"/>.</summary>
    /// <value>The default is 3 milliseconds; the resolution is 1. A request that is alone never waits.</value>
    public TimeSpan MaxQueueDelay { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Gets or sets the longest run that may keep its request's own thread, where nothing waits, and so costs no hand-over to a lane's thread.</summary>
    /// <value>The default is 100 microseconds.</value>
    public TimeSpan MaxInlineRun { get; set; } = TimeSpan.FromMicroseconds(100);

    /// <summary>Gets or sets the most elements in one input tensor, where dimensions other than the first vary.</summary>
    /// <value>The default is 1,048,576.</value>
    public int MaxTensorElements { get; set; } = 1 << 20;

    /// <summary>Gets or sets the most bytes in one BYTES tensor, four for each element's length included.</summary>
    /// <value>The default is 1,048,576.</value>
    public int MaxBytesLength { get; set; } = 1 << 20;

    /// <summary>Gets or sets the most bytes of all outputs of one request, in the protocol's binary form; a request whose answer is larger is refused with 400, before it runs where its size is known.</summary>
    /// <value>The default is 67,108,864.</value>
    public long MaxOutputBytes { get; set; } = DefaultMaxOutputBytes;

    /// <summary>Gets or sets whether inputs may hold NaN and infinities.</summary>
    /// <value>The default is <see langword="false"/>: they are refused with 400.</value>
    public bool AllowNonFinite { get; set; }

    /// <summary>Gets or sets the device: <c>Auto</c>, <c>Cpu</c>, <c>Cuda</c>, or some GPUs by number, as in <c>Cuda:0,1</c>.</summary>
    /// <value>The default is <c>Auto</c>: CUDA where the native runtime has it and it starts, the CPU otherwise, which is logged.</value>
    public string Device { get; set; } = "Auto";

    /// <summary>Gets or sets whether the model is served by GPUs alone: where one does not start, or leaves operators of the model to the CPU, the model is not loaded.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RequireGpu { get; set; }

    /// <summary>Gets or sets what holds on GPUs of NVIDIA.</summary>
    public CudaOptions Cuda { get; set; } = new();

    /// <summary>Gets or sets the number of lanes of each device: runs of this model that go on at once.</summary>
    /// <value>The default is <see langword="null"/>: the number of processors on a CPU, 2 on each GPU.</value>
    public int? Lanes { get; set; }

    /// <summary>Gets or sets the threads that one run may use.</summary>
    /// <value>The default is <see langword="null"/>: the processors divided by the lanes on a CPU, 1 on a GPU.</value>
    public int? IntraOpThreads { get; set; }

    /// <summary>Gets or sets whether threads of a run spin while they wait for their part: faster, at the cost of processors that requests would use.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Spinning { get; set; }

    /// <summary>Gets or sets whether memory of runs on the CPU is kept for later ones.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Arena { get; set; } = true;

    /// <summary>Gets or sets after how many runs a lane gives memory back that the arena holds beyond what is in use; each time costs a run some time.</summary>
    /// <value>The default is <see langword="null"/>: never.</value>
    public int? ArenaShrinkInterval { get; set; }

    /// <summary>Gets or sets the number of requests that may wait for a lane; one more is answered with 503.</summary>
    /// <value>The default is 128.</value>
    public int MaxQueueLength { get; set; } = 128;

    /// <summary>Gets or sets the most time that a request may spend waiting and running; then it is answered with 504.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the longest that one run may take: then it is ended between two of the model's operators, and its requests fail.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan MaxRunTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets what the model file may contain and cost.</summary>
    /// <value>The default refuses all that a plain network does not need.</value>
    public AdmissionOptions Admission { get; set; } = new();

    /// <summary>Gets or sets what the model must take and give.</summary>
    /// <value>The default is <see langword="null"/>: whatever the file says.</value>
    public ModelContractOptions? Contract { get; set; }

    internal IEnumerable<string> Problems(string path)
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            yield return $"{path}:Path is missing. Write the model's file, for example \"models/model.onnx\".";
        }

        foreach (var (property, value, least, most) in new (string, int?, int, int)[]
        {
            (nameof(MaxBatchSize), MaxBatchSize, 1, int.MaxValue),
            (nameof(PreferredBatchSize), PreferredBatchSize, 1, MaxBatchSize ?? DefaultMaxRows),
            (nameof(MaxTensorElements), MaxTensorElements, 1, 1 << 28),
            (nameof(MaxBytesLength), MaxBytesLength, sizeof(int), 1 << 28),
            (nameof(Lanes), Lanes, 1, 1024),
            (nameof(IntraOpThreads), IntraOpThreads, 1, 1024),
            (nameof(ArenaShrinkInterval), ArenaShrinkInterval, 1, int.MaxValue),
            (nameof(MaxQueueLength), MaxQueueLength, 0, int.MaxValue),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{path}:{property} is {value}. Write at least {least}{(most == int.MaxValue ? "" : $" and at most {most}")}.";
            }
        }

        // Never what was written: it may be a key.
        if (Identities.Any(static source => string.IsNullOrWhiteSpace(source) || source is "env:"))
        {
            yield return $"{path}:Identities has an empty entry. Write the paths of files that hold the keys, or env:NAME for an environment variable.";
        }

        if (PassphraseFile is not null && (string.IsNullOrWhiteSpace(PassphraseFile) || PassphraseFile is "env:"))
        {
            yield return $"{path}:PassphraseFile is empty. Write the path of a file that holds the passphrase, or env:NAME for an environment variable; or remove it.";
        }

        if (MaxOutputBytes < 1)
        {
            yield return $"{path}:MaxOutputBytes is {MaxOutputBytes}. Write a number of bytes above 0, for example 67108864.";
        }

        foreach (var (property, value) in new[] { (nameof(MaxQueueDelay), MaxQueueDelay), (nameof(MaxInlineRun), MaxInlineRun) })
        {
            if (value < TimeSpan.Zero || value > LongestDelay)
            {
                yield return $"{path}:{property} is {value}. Write a time of at most one second, for example 00:00:00.001; 00:00:00 switches it off.";
            }
        }

        foreach (var (property, value) in new[] { (nameof(Timeout), Timeout), (nameof(MaxRunTime), MaxRunTime) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                yield return $"{path}:{property} is {value}. Write a time above zero, up to one day, for example 00:00:30.";
            }
        }

        if (PollInterval != TimeSpan.Zero && (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromHours(1)))
        {
            yield return $"{path}:PollInterval is {PollInterval}. Write a time between 00:00:00.010 and 01:00:00, or 00:00:00 for a model that does not change with its files.";
        }

        if (!Arena && ArenaShrinkInterval is not null)
        {
            yield return $"{path}:ArenaShrinkInterval is {ArenaShrinkInterval}, but Arena is false: there is nothing to shrink. Remove one of them.";
        }

        if (Contract is not null && Admission.Policy == AdmissionPolicy.Off)
        {
            yield return $"{path}:Contract is checked by the search that {path}:Admission:Policy switches off. Write Standard there, or remove Contract.";
        }

        foreach (var problem in Cuda.Problems($"{path}:Cuda").Concat(VersionProblems(path)).Concat(TrustProblems(path)).Concat(Admission.Problems($"{path}:{nameof(Admission)}"))
            .Concat(Contract?.Problems($"{path}:{nameof(Contract)}") ?? []))
        {
            yield return problem;
        }
    }

    /// <summary>Gets the folder that the model's files may not lead out of, where it is not that of <see cref="Path"/>.</summary>
    internal string? Root { get; private set; }

    /// <summary>Returns the same options for one of the model's files.</summary>
    internal ModelOptions ForFile(string path)
    {
        var copy = (ModelOptions)MemberwiseClone();
        copy.Path = path;
        return copy;
    }

    /// <summary>Returns the same options with paths that start at a folder.</summary>
    internal ModelOptions AtContentRoot(string folder)
    {
        var copy = ForFile(System.IO.Path.Combine(folder, Path));
        copy.TrustedKeys = [.. TrustedKeys.Select(key => System.IO.Path.Combine(folder, key))];
        copy.TrustedCertificates = TrustedCertificates is null ? null : System.IO.Path.Combine(folder, TrustedCertificates);

        // A folder of versions is all the model's; of a file, it is the folder that it is in.
        copy.Root = Directory.Exists(copy.Path) ? copy.Path : null;
        return copy;
    }

    private IEnumerable<string> VersionProblems(string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in Versions)
        {
            if (version == VersionNumber.All ? Versions.Count != 1 : !VersionNumber.TryParse(version, out _))
            {
                yield return $"{path}:Versions has '{version}'. Write numbers, for example [ \"1\", \"2\" ], or [ \"{VersionNumber.All}\" ] alone; without it, the highest is served.";
            }
            else if (!seen.Add(version))
            {
                yield return $"{path}:Versions has '{version}' twice. Write it once.";
            }
        }
    }
}
