namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Whose certificates are accepted and what their holders may do: rights of their own first, each list in its order.</summary>
internal sealed class AllowedCertificates
{
    private static readonly string[] DefaultScopes = ["model:*:infer"];
    private readonly Entry[] _entries;

    private AllowedCertificates(Entry[] entries)
    {
        _entries = entries;
    }

    /// <summary>Prepares valid options.</summary>
    public static AllowedCertificates Create(ClientCertificateOptions options) => new(
    [
        .. options.Subjects.Select(static subject => Entry.Create(subject.Subject, subject.Scopes, subject.Tier)),
        .. options.AllowedSubjects.Select(subject => Entry.Create(subject, options.Scopes ?? DefaultScopes, tier: null)),
    ]);

    /// <summary>Finds what is wrong with the subjects and their rights.</summary>
    public static IEnumerable<string> Problems(ClientCertificateOptions options)
    {
        (string Path, string? Pattern)[] patterns =
        [
            .. options.Subjects.Select(static (subject, index) => ($"ClientCertificates:Subjects:{index}:Subject", (string?)subject?.Subject)),
            .. options.AllowedSubjects.Select(static (subject, index) => ($"ClientCertificates:AllowedSubjects:{index}", (string?)subject)),
        ];
        if (patterns.Length == 0)
        {
            yield return "ClientCertificates:TrustBundle is set, and nobody is allowed. List in ClientCertificates:AllowedSubjects whose certificates are accepted, for example spiffe://prod/ns/checkout/sa/* or *.internal.example.";
        }

        var trustDomains = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, pattern) in patterns)
        {
            if (!SubjectPattern.TryParse(pattern, out var parsed))
            {
                yield return $"{path} is '{pattern}', which is no subject. Write a SPIFFE id or a DNS name, in which * stands for one whole path segment or label: spiffe://prod/ns/checkout/sa/* or *.internal.example.";
            }
            else if (parsed.TrustDomain is not null)
            {
                trustDomains.Add(parsed.TrustDomain);
            }
        }

        // One bundle vouches for one trust domain: its authorities must not be able to name workloads of another.
        if (trustDomains.Count > 1)
        {
            yield return $"ClientCertificates allows SPIFFE ids of several trust domains: {string.Join(", ", trustDomains)}. One bundle speaks for one trust domain. Keep the subjects of that one.";
        }

        foreach (var problem in ProblemsOfScopes(options))
        {
            yield return problem;
        }
    }

    /// <summary>Finds what a subject may do.</summary>
    /// <returns>The caller's name and rights, or nothing where the subject is not allowed.</returns>
    public (string Subject, ScopeSet Scopes, string? Tier)? Find(CertificateNames names)
    {
        foreach (var entry in _entries)
        {
            if (entry.NameIn(names) is { } subject)
            {
                return (subject, entry.Scopes, entry.Tier);
            }
        }

        return null;
    }

    private static IEnumerable<string> ProblemsOfScopes(ClientCertificateOptions options)
    {
        (string Path, IList<string>? Scopes)[] lists =
        [
            ("ClientCertificates:Scopes", options.Scopes ?? DefaultScopes),
            .. options.Subjects.Select(static (subject, index) => ($"ClientCertificates:Subjects:{index}:Scopes", subject?.Scopes)),
        ];
        foreach (var (path, scopes) in lists)
        {
            if (scopes is null or [])
            {
                yield return $"{path} is empty. Write what these subjects may do, for example model:digits:infer.";
            }
            else if (!ScopeSet.TryParse(scopes, out _, out var problem))
            {
                yield return $"{path} is wrong: {problem}";
            }
        }
    }

    private sealed record Entry(SubjectPattern Pattern, ScopeSet Scopes, string? Tier)
    {
        public static Entry Create(string subject, IEnumerable<string> scopes, string? tier) =>
            SubjectPattern.TryParse(subject, out var pattern) && ScopeSet.TryParse(scopes, out var rights, out _)
                ? new Entry(pattern, rights, tier)
                : throw new InvalidOperationException($"The subject '{subject}' of SecureInference:ClientCertificates is not valid.");

        /// <summary>Returns the name by which the certificate is meant. A SPIFFE id is the whole name where there is one.</summary>
        public string? NameIn(CertificateNames names)
        {
            if (names.SpiffeId is { } id)
            {
                return Pattern.MatchesSpiffeId(id) ? id : null;
            }

            foreach (var name in names.DnsNames)
            {
                if (Pattern.MatchesDnsName(name))
                {
                    return name;
                }
            }

            return null;
        }
    }
}
