namespace SecureInference.Redis;

/// <summary>What works, and should not be so.</summary>
[Flags]
internal enum RedisRisks
{
    None = 0,

    /// <summary>A password stands in the configuration, which is kept with the code and shown in many places.</summary>
    PasswordInConfiguration = 1,

    /// <summary>The password goes over the network in clear text; whoever sits between may answer as Redis.</summary>
    Unencrypted = 2,
}
