namespace SecureInference.Onnx.Admission;

/// <summary>Which policies refuse what breaks a rule.</summary>
internal enum RuleWeight
{
    /// <summary>Every policy, and no switch changes it: what follows in the file cannot be judged.</summary>
    Always,

    /// <summary>Every policy, unless the rule is switched off.</summary>
    Both,

    /// <summary><see cref="AdmissionPolicy.Strict"/> alone; the others report it.</summary>
    StrictOnly,

    /// <summary>None: it is reported.</summary>
    Never,
}
