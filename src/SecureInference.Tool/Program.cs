using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Tool;
using Spectre.Console;

var console = new ToolConsole(AnsiConsole.Console, Console.Error, Console.IsOutputRedirected);
var pepper = Environment.GetEnvironmentVariable(ApiKeyPeppers.Variable);
return await new CommandLineTool(console, TimeProvider.System, pepper).RunAsync(args);
