using SecureInference.Tool;
using Spectre.Console;

var console = new ToolConsole(AnsiConsole.Console, Console.Error, Console.IsOutputRedirected);
return await new CommandLineTool(console, TimeProvider.System).RunAsync(args);
