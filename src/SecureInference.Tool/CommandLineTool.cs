using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SecureInference.Tool.Audit;
using SecureInference.Tool.Keys;
using SecureInference.Tool.Models;

namespace SecureInference.Tool;

/// <summary>The whole tool: reads the command line, runs the command, and turns every outcome into an exit code.</summary>
internal sealed class CommandLineTool
{
    private const string Name = "secure-inference";

    // No response files: an owner may be called '@team'.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };
    private readonly ToolConsole _console;
    private readonly Command _root;

    /// <param name="console">Where it speaks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pepper">What the environment variable for the pepper holds.</param>
    public CommandLineTool(ToolConsole console, TimeProvider time, string? pepper = null)
    {
        _console = console;

        // No RootCommand: it takes its name from the file that runs, which is another one in an installed tool.
        _root = new Command(Name, "Looks after an inference server that SecureInference guards. (To check its configuration, start the server itself with --check-config.)")
        {
            new HelpOption(),
            new VersionOption(),
            KeysCommand.Create(console, time, pepper),
            ModelCommand.Create(console, time),
            AuditCommand.Create(console, time),
        };
    }

    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var parsed = _root.Parse(arguments, Parsing);
        if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
        {
            return Explain(parsed);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = _console.Output,
                Error = _console.Error,
            });
        }
        catch (RefusedException exception)
        {
            return _console.Fail(ExitCode.Refused, exception.Message);
        }
        catch (LogFailedException exception)
        {
            return LogFailureView.Show(_console, exception.Failure);
        }
        catch (WrongUsageException exception)
        {
            return _console.Fail(ExitCode.WrongUsage, exception.Message);
        }
        catch (FileTroubleException exception)
        {
            return _console.Fail(ExitCode.FileTrouble, exception.Message);
        }
        catch (IOException exception)
        {
            return _console.Fail(ExitCode.FileTrouble, $"The output could not be written: {exception.Message.TrimEnd('.')}. Check where it goes.");
        }
        catch (OperationCanceledException)
        {
            return _console.Fail(ExitCode.Refused, "Stopped. Nothing was changed.");
        }
    }

    private int Explain(ParseResult parsed)
    {
        foreach (var problem in parsed.Errors)
        {
            _console.Fail(ExitCode.WrongUsage, problem.Message);
        }

        var names = new Stack<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            names.Push(command.Command.Name);
        }

        return _console.Fail(ExitCode.WrongUsage, $"'{string.Join(' ', names)} --help' shows how it is used.");
    }
}
