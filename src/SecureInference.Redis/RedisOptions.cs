namespace SecureInference.Redis;

/// <summary>Which Redis the nodes of an app share their limits through, and what becomes of requests without it.</summary>
public sealed class RedisOptions
{
    /// <summary>More would be parked on one node than a limit should give away.</summary>
    private const int MaxLeaseTokens = 1_000_000;

    private const int MaxKeyPrefixLength = 64;

    /// <summary>Gets or sets where Redis is, as StackExchange.Redis writes it: <c>redis.internal:6380,ssl=true,user=limits</c>.</summary>
    public string? Configuration { get; set; }

    /// <summary>Gets or sets the file that the password stands in; a relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: the environment variable <c>SECUREINFERENCE_REDIS_PASSWORD</c>, where it is set.</value>
    public string? PasswordFile { get; set; }

    /// <summary>Gets or sets the certificate, as PEM, of the authority that issued Redis' own, where the machine does not trust it; a relative path starts at the content root.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Gets or sets what the names of all keys begin with.</summary>
    /// <value>The default is <c>secureinference</c>.</value>
    public string KeyPrefix { get; set; } = "secureinference";

    /// <summary>Gets or sets how many nodes share the limits.</summary>
    /// <value>There is no default: each node's share without Redis, and the tokens it may lease, depend on it.</value>
    public int? ExpectedNodes { get; set; }

    /// <summary>Gets or sets what becomes of requests while Redis cannot be asked.</summary>
    /// <value>The default is <see cref="WhenUnavailable.Local"/>.</value>
    public WhenUnavailable WhenUnavailable { get; set; } = WhenUnavailable.Local;

    /// <summary>Gets or sets how long a request waits for Redis at most.</summary>
    /// <value>The default is 100 milliseconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets how many tokens of a bucket a node may take in advance, to answer the requests after without asking Redis.</summary>
    /// <value>The default is 0: Redis is asked for each request, and the limits are exact.</value>
    public int LeaseTokens { get; set; }

    /// <summary>Gets or sets for how many callers a node keeps tokens taken in advance; Redis is asked for each request of the others.</summary>
    /// <value>The default is 100,000.</value>
    public int MaxLeases { get; set; } = 100_000;

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Configuration))
        {
            yield return "Redis:Configuration is missing. Write where Redis is, for example redis.internal:6380,ssl=true,user=limits.";
        }
        else if (!RedisSettings.CanParse(Configuration))
        {
            // The library's own message may quote a part of the password.
            yield return "Redis:Configuration is not a connection string of StackExchange.Redis. Write for example redis.internal:6380,ssl=true,user=limits. "
                + "A password with a comma in it belongs in Redis:PasswordFile.";
        }

        if (PasswordFile is not null && string.IsNullOrWhiteSpace(PasswordFile))
        {
            yield return "Redis:PasswordFile is empty. Write the path of a file that holds the password, or remove it.";
        }

        if (AuthorityFile is not null && string.IsNullOrWhiteSpace(AuthorityFile))
        {
            yield return "Redis:AuthorityFile is empty. Write the path of a certificate, or remove it.";
        }

        if (KeyPrefix is not { Length: > 0 and <= MaxKeyPrefixLength } || !KeyPrefix.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':'))
        {
            yield return $"Redis:KeyPrefix may hold letters, digits, '-', '_', '.' and ':', {MaxKeyPrefixLength} at most. Write for example secureinference.";
        }

        foreach (var problem in ProblemsOfNodes())
        {
            yield return problem;
        }

        if (Timeout < TimeSpan.FromMilliseconds(5) || Timeout > TimeSpan.FromSeconds(10))
        {
            yield return $"Redis:Timeout is {Timeout}. Write a time between 00:00:00.005 and 00:00:10.";
        }

        if (LeaseTokens is < 0 or > MaxLeaseTokens)
        {
            yield return $"Redis:LeaseTokens is {LeaseTokens}. Write a number between 0 (ask Redis for each request) and {MaxLeaseTokens}.";
        }

        if (MaxLeases < 1)
        {
            yield return $"Redis:MaxLeases is {MaxLeases}. Write at least 1; without leases set Redis:LeaseTokens to 0.";
        }
    }

    private IEnumerable<string> ProblemsOfNodes()
    {
        if (!Enum.IsDefined(WhenUnavailable))
        {
            yield return $"Redis:WhenUnavailable is {WhenUnavailable}. Write Local, FailClosed or FailOpen.";
        }

        if (ExpectedNodes < 1)
        {
            yield return $"Redis:ExpectedNodes is {ExpectedNodes}. Write how many nodes share the limits, at least 1.";
        }
        else if (ExpectedNodes is null && (WhenUnavailable == WhenUnavailable.Local || LeaseTokens > 0))
        {
            // A guess that is too low would give away more than the limit.
            yield return "Redis:ExpectedNodes is missing. Write how many nodes share the limits: while Redis cannot be asked, each keeps that part of them. "
                + "Without leases, Redis:WhenUnavailable may be FailClosed instead.";
        }
    }
}
