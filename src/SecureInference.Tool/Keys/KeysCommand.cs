using System.CommandLine;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys</c>: who may call the server, and what for.</summary>
internal static class KeysCommand
{
    public static Command Create(ToolConsole console, TimeProvider time) =>
        new("keys", "Makes, lists and revokes the API keys that callers send. A running server follows the store within a second.")
        {
            new CreateKeyCommand(console, time).Create(),
            new ListKeysCommand(console, time).Create(),
            new RevokeKeyCommand(console, time).Create(),
        };
}
