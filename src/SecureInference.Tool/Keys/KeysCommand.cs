using System.CommandLine;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys</c>: who may call the server, and what for.</summary>
internal static class KeysCommand
{
    private const string Description = """
        Makes, shows, rotates and ends the API keys that callers send. A running server follows the store within a second.

        A store may be sealed with a pepper, a secret that is not in it: then nobody else can add a key or change one.
        Name its file with --pepper-file, or put it into the environment variable SECUREINFERENCE_PEPPER.

        The life of a key:
          create    makes it                    list, show   say what is there
          rotate    gives it a new secret; the old one works a while longer
          suspend   stops it for a time         resume       lets it work again
          expire    says when it stops          revoke       ends it for good
        """;

    /// <param name="console">Where the commands speak.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pepper">What the environment variable for the pepper holds.</param>
    public static Command Create(ToolConsole console, TimeProvider time, string? pepper) => new("keys", Description)
    {
        new CreateKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new ListKeysCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new ShowKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new RotateKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new ExpireKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new SuspendKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new ResumeKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new RevokeKeyCommand(console, time, new StoreOptions(time, pepper)).Create(),
        new SealStoreCommand(console, new StoreOptions(time, pepper)).Create(),
        new MakePepperCommand(console, time).Create(),
    };
}
