namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What outlives a reload: the clocks, the buckets of many, and which place in a caller's state is whose.</summary>
/// <remarks>Read and changed by whoever puts limits in force, one at a time.</remarks>
internal sealed class LimitCounts(int nodes, Func<long> now)
{
    private readonly Dictionary<string, int> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TotalBucket> _totals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private BucketFamily[] _models = [];

    /// <summary>Gets the clocks of callers' buckets of tokens, one for each tier.</summary>
    public BucketFamily Tokens { get; } = new(BucketRate.UnitsPerToken, BucketFamily.MaxMembers);

    /// <summary>Gets the clocks of callers' buckets of bytes, one for each tier.</summary>
    public BucketFamily Bytes { get; } = new(BucketRate.UnitsPerByte, BucketFamily.MaxMembers);

    /// <summary>Gets the clock of the buckets that failed attempts to be recognised are counted in.</summary>
    public BucketFamily Failures { get; } = new();

    /// <summary>Gets the clocks of callers' buckets for models, by place.</summary>
    public IReadOnlyList<BucketFamily> Models => Volatile.Read(ref _models);

    /// <summary>Looks before anything is changed whether new tiers find a place in callers' buckets, where old ones keep theirs.</summary>
    /// <exception cref="InvalidOperationException">They do not; the message says what to do.</exception>
    public void RequireRoomFor(IEnumerable<string> tiers)
    {
        if (tiers.Count(tier => !_members.ContainsKey(tier)) > BucketFamily.MaxMembers - _members.Count)
        {
            throw new InvalidOperationException($"Since its start, this app has had {_members.Count} names of tiers, and more than {BucketFamily.MaxMembers} do not fit. Restart it.");
        }
    }

    /// <summary>Makes the limit of credentials that fail. Each node counts them by itself: they are a matter of its own work.</summary>
    public Limit Failure(BucketTerms terms)
    {
        Failures.Set(1, terms, now());
        return new Limit { Name = "failed_authentication", Kind = LimitKind.Total, Bucket = "tokens", Terms = terms, Family = Failures };
    }

    public Limit Caller(string tier, BucketTerms terms) => new()
    {
        Name = tier,
        Kind = LimitKind.Caller,
        Bucket = "tokens",
        Terms = terms,
        Family = Tokens,
        Member = Put(Tokens, tier, terms),
    };

    public Limit CallerBytes(string tier, BucketTerms terms) => new()
    {
        Name = $"{tier}-bytes",
        Kind = LimitKind.CallerBytes,
        Bucket = "bytes",
        Terms = terms,
        Family = Bytes,
        Member = Put(Bytes, tier, terms),
    };

    public Limit CallerDay(string tier, int limit) => new()
    {
        Name = $"{tier}-daily",
        Kind = LimitKind.CallerDay,
        Bucket = "daily",
        Terms = new BucketTerms(limit, 0, TimeSpan.Zero),
        DailyShare = Math.Max(1, limit / nodes),
    };

    public Limit Model(string model, BucketTerms terms)
    {
        if (!_places.TryGetValue(model, out var place))
        {
            place = _places.Count;
            _places.Add(model, place);
            Volatile.Write(ref _models, [.. _models, new BucketFamily()]);
        }

        _models[place].Set(1, terms.Share(nodes), now());
        return new Limit { Name = $"model-{model}", Kind = LimitKind.CallerModel, Bucket = $"model-{model}", Terms = terms, Family = _models[place], Model = place };
    }

    public Limit Total(string name, string owner, BucketTerms terms)
    {
        if (!_totals.TryGetValue(owner, out var total))
        {
            // A character that no subject begins with: nobody's name is to be the name of a bucket of many.
            total = new TotalBucket('\0' + owner);
            _totals.Add(owner, total);
        }

        total.Family.Set(1, terms.Share(nodes), now());
        return new Limit { Name = name, Kind = LimitKind.Total, Bucket = "tokens", Terms = terms, Family = total.Family, Total = total };
    }

    private int Put(BucketFamily family, string tier, BucketTerms terms)
    {
        if (!_members.TryGetValue(tier, out var member))
        {
            member = _members.Count + 1;
            _members.Add(tier, member);
        }

        family.Set(member, terms.Share(nodes), now());
        return member;
    }
}
