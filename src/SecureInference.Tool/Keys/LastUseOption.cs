using System.CommandLine;

namespace SecureInference.Tool.Keys;

/// <summary><c>--last-use FILE</c>: the files in which servers note when keys were used.</summary>
internal sealed class LastUseOption
{
    public Option<string[]> Option { get; } = new("--last-use")
    {
        Description = "A file that a server notes the last use of keys in (SecureInference:ApiKeys:LastUseFile), to show when each was used, to the hour; "
            + "repeat it for more servers.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Reads the files; null where none was named.</summary>
    /// <exception cref="FileTroubleException">One cannot be read.</exception>
    public LastUses? Read(ParseResult parsed) => parsed.GetValue(Option) is { Length: > 0 } files ? LastUses.Read(files) : null;
}
