using StackExchange.Redis;

namespace SecureInference.Redis;

/// <summary>Why Redis did not do what it was asked, and what to do about it: from a fixed list, since messages of the library may hold names and parts of secrets.</summary>
internal sealed record RedisFailure(string Reason, string Advice)
{
    public static readonly RedisFailure Timeout = new("timeout", "Redis did not answer within Redis:Timeout: look at its load, and at the network");

    public static readonly RedisFailure Connection = new("connection", "Redis cannot be reached: look whether it runs, at Redis:Configuration, and at the network");

    public static readonly RedisFailure Authentication = new(
        "authentication",
        "Redis does not accept the password, or TLS failed: look at user= and ssl= in Redis:Configuration, at the password, and whether Redis' certificate "
        + "names the host and is of an authority that is trusted here (Redis:AuthorityFile)");

    public static readonly RedisFailure Permission = new("permission", "the user of Redis may not do what is needed: give it the rights that docs/redis.md lists");

    public static readonly RedisFailure ReadOnly = new("read_only", "Redis takes no writes: it is a replica, or has too few replicas or cannot write to its disk");

    public static readonly RedisFailure Memory = new("memory", "Redis has no memory left: raise maxmemory, or let it evict keys of others");

    public static readonly RedisFailure Busy = new("busy", "Redis is loading its data, runs a long script, or its cluster is down");

    public static readonly RedisFailure WrongType = new("wrong_type", "a key of another type stands where a caller's limits should: choose a Redis:KeyPrefix that nothing else uses, or delete the key");

    public static readonly RedisFailure Script = new("script", "the script failed: Redis 5.0 or later is needed");

    public static RedisFailure Of(Exception exception, ConnectionFailureType? connection) => exception switch
    {
        RedisServerException server => OfScript(server.Message) ?? Of(server.Kind),
        TimeoutException => Timeout,
        RedisConnectionException one => Of(connection ?? one.FailureType),
        _ => Connection,
    };

    // What a command in a script was refused for stands in the message alone, with some versions of Redis.
    private static RedisFailure? OfScript(string message) =>
        message.Contains("WRONGTYPE", StringComparison.Ordinal) ? WrongType
        : message.Contains("can't run this command", StringComparison.Ordinal) || message.Contains("NOPERM", StringComparison.Ordinal) ? Permission
        : message.Contains("READONLY", StringComparison.Ordinal) || message.Contains("NOREPLICAS", StringComparison.Ordinal) || message.Contains("MISCONF", StringComparison.Ordinal) ? ReadOnly
        : message.Contains("OOM", StringComparison.Ordinal) ? Memory
        : null;

    private static RedisFailure Of(RedisErrorKind kind) => kind switch
    {
        RedisErrorKind.NoAuth or RedisErrorKind.WrongPass => Authentication,
        RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted => Permission,
        RedisErrorKind.ReadOnly or RedisErrorKind.NoReplicas or RedisErrorKind.Misconfigured => ReadOnly,
        RedisErrorKind.OutOfMemory => Memory,
        RedisErrorKind.Loading or RedisErrorKind.Busy or RedisErrorKind.ClusterDown or RedisErrorKind.MasterDown or RedisErrorKind.TryAgain => Busy,
        RedisErrorKind.WrongType => WrongType,
        RedisErrorKind.Timeout => Timeout,
        RedisErrorKind.ConnectionFault or RedisErrorKind.MaxClients => Connection,
        _ => Script,
    };

    private static RedisFailure Of(ConnectionFailureType type) => type switch
    {
        ConnectionFailureType.AuthenticationFailure => Authentication,
        ConnectionFailureType.Loading => Busy,
        _ => Connection,
    };
}
