using System.CommandLine;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>What the commands on a log ask for: the folder, the keys that are trusted, and how the answer is printed.</summary>
internal sealed class LogArguments
{
    private const int MaxKeyFileLength = 64 * 1024;

    private readonly Argument<string> _directory = new("DIR") { Description = "The folder of the log, or a copy of it." };
    private readonly Option<bool> _json = JsonOption();
    private readonly Option<string[]> _publicKey;

    /// <param name="needsKey">Whether the command proves something, and so needs a key.</param>
    public LogArguments(bool needsKey) => _publicKey = PublicKeyOption(needsKey);

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON, for programs." };

    public static Option<string[]> PublicKeyOption(bool isRequired) => new("--public-key")
    {
        Description = "A public key (PEM) that may sign the log; repeat it for more. Take it from whom you trust, not from the log's folder."
            + (isRequired ? "" : " Without one nothing is verified."),
        HelpName = "PEM",
        Required = isRequired,
    };

    /// <summary>Reads the public keys that files hold.</summary>
    /// <exception cref="FileTroubleException">One cannot be read, or is none.</exception>
    public static IReadOnlyList<CheckpointKey> ReadKeys(string[] files) => [.. files.Select(static file =>
    {
        try
        {
            return CheckpointKey.FromPem(ReadText(file, MaxKeyFileLength));
        }
        catch (InvalidDataException exception)
        {
            throw new FileTroubleException($"'{file}' cannot be used as --public-key. {exception.Message}", exception);
        }
    })];

    /// <summary>Reads a small file that the command line names.</summary>
    /// <exception cref="FileTroubleException">It cannot be read.</exception>
    public static string ReadText(string file, int maxLength)
    {
        try
        {
            return new FileInfo(file).Length <= maxLength
                ? File.ReadAllText(file)
                : throw new FileTroubleException($"'{file}' is longer than any file of its kind. Check its name.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileTroubleException($"'{file}' cannot be read: {exception.Message.TrimEnd('.')}. Check its name, and that you may read it.", exception);
        }
    }

    public void AddTo(Command command)
    {
        command.Add(_directory);
        command.Add(_publicKey);
        command.Add(_json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public IReadOnlyList<CheckpointKey> Keys(ParseResult parsed) => ReadKeys(parsed.GetValue(_publicKey) ?? []);

    /// <summary>Opens the folder.</summary>
    /// <exception cref="FileTroubleException">It is not there.</exception>
    public AuditedFolder Open(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(_directory);
        return Directory.Exists(path)
            ? new AuditedFolder(path, Keys(parsed))
            : throw new FileTroubleException($"The folder '{path}' does not exist. Name the folder that the server has as SecureInference:Audit:Directory, or a copy of it.");
    }
}
