using System.CommandLine;
using SecureInference.Tool.Models.Encryption;

namespace SecureInference.Tool.Models;

/// <summary><c>model</c>: what a model file is before a server loads it.</summary>
internal static class ModelCommand
{
    private const string Description = """
        Looks after model files before a server loads them.
        """;

    /// <param name="console">Where the commands speak.</param>
    /// <param name="time">The clock.</param>
    public static Command Create(ToolConsole console, TimeProvider time) => new("model", Description)
    {
        new InspectModelCommand(console).Create(),
        new ScanModelCommand(console).Create(),
        new SignModelCommand(console).Create(),
        new VerifyModelCommand(console, time).Create(),
        new KeygenCommand(console, time).Create(),
        new EncryptCommand(console).Create(),
        new DecryptCommand(console).Create(),
        new RewrapCommand(console).Create(),
        new ReencryptCommand(console).Create(),
    };
}
