namespace SecureInference.Onnx.Admission;

/// <summary>What a scan found.</summary>
internal sealed class AdmissionReport(AdmissionOptions options, int mostOfOneRule)
{
    private const int MostRefusals = 1_000;

    private readonly HashSet<string> _disabled = new(options.DisabledRules, StringComparer.OrdinalIgnoreCase);
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _refusals;

    public IReadOnlyList<Finding> Findings => _findings;

    public IEnumerable<Finding> Refusals => _findings.Where(static finding => finding.IsRefusal);

    public bool IsRefused { get; private set; }

    /// <summary>Gets whether the scan has to end here: nothing more can be judged, or it is plain that the file is refused.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets whether findings were left out: a file of a million of them must not cost a million messages.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Says whether another finding of a rule would be kept: where many may come, asked before the words are made.</summary>
    public bool Wants(AdmissionRule rule)
    {
        var wants = _counts.GetValueOrDefault(rule.Id) < mostOfOneRule;
        HasMore |= !wants;
        return wants;
    }

    public void Add(AdmissionRule rule, string place, string what)
    {
        var isRefusal = Refuses(rule);
        IsRefused |= isRefusal;
        // What is only reported never ends a scan: it would hide what is refused.
        _refusals += isRefusal ? 1 : 0;
        IsOver |= _refusals == MostRefusals;
        // Counted by rule: whoever switches off what is named here must not meet the next rule then.
        var count = _counts[rule.Id] = _counts.GetValueOrDefault(rule.Id) + 1;
        if (count <= mostOfOneRule)
        {
            _findings.Add(new Finding(rule, isRefusal, place, what));
        }
        else
        {
            HasMore = true;
        }
    }

    /// <summary>Adds a refusal after which nothing in the file can be judged.</summary>
    public void End(AdmissionRule rule, string place, string what)
    {
        Add(rule, place, what);
        IsOver = true;
    }

    private bool Refuses(AdmissionRule rule) => rule.Weight switch
    {
        RuleWeight.Always => true,
        RuleWeight.Both => !_disabled.Contains(rule.Id),
        RuleWeight.StrictOnly => options.Policy == AdmissionPolicy.Strict && !_disabled.Contains(rule.Id),
        RuleWeight.Never => false,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Weight, null),
    };
}
