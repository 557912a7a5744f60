using System.CommandLine;
using System.CommandLine.Parsing;

namespace SecureInference.Tool.Keys;

/// <summary>The options that the commands on keys share.</summary>
internal static class KeyOptions
{
    public static Option<string> Store()
    {
        var option = new Option<string>("--store")
        {
            Description = "The key store file, which the server reads as SecureInference:ApiKeys:Store.",
            HelpName = "FILE",
            Required = true,
        };
        option.Validators.Add(static result => Check(result, static path => path.Length == 0 ? "--store is empty. Name a file, for example keys.json." : null));
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for programs." };

    public static Option<string> Expires(string description, string byDefault)
    {
        var option = Expires(description);
        option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    public static Option<string> Expires(string description) => new("--expires")
    {
        Description = $"{description}: 90d, 12h, a date such as 2026-12-31 (its first instant, UTC), or never.",
        HelpName = "WHEN",
    };

    /// <summary>Adds what is wrong with the option's value, where something is, to the errors of the command line.</summary>
    public static void Check(OptionResult result, Func<string, string?> findProblem)
    {
        foreach (var token in result.Tokens)
        {
            if (findProblem(token.Value) is { } problem)
            {
                result.AddError(problem);
            }
        }
    }
}
