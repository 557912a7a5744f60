using System.CommandLine;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>The arguments and options that the commands on encrypted models share.</summary>
internal static class EncryptionOptions
{
    public static Argument<string> Input(string what) => new("FILE") { Description = what };

    public static Option<string> Output(string what) => new("--output") { Description = what, HelpName = "FILE", Required = true };

    public static Option<string?> OutputElsewhere() => new("--output")
    {
        Description = "Write the result to this file. Without it, the file itself is replaced.",
        HelpName = "FILE",
    };

    public static Option<bool> Force() => new("--force") { Description = "Replace a file that is there." };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for programs." };
}
