namespace SecureInference.Tool;

/// <summary>What the tool's exit codes mean; scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Fine = 0;

    /// <summary>A check failed, or what was asked for was refused.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>A file could not be read or written.</summary>
    public const int FileTrouble = 3;
}
