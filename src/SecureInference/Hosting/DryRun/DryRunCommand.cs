using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.Hosting.DryRun;

/// <summary>The switch that makes a start a check, where it writes, and how it ends the process.</summary>
internal sealed record DryRunCommand(IReadOnlyList<string> Arguments, TextWriter Output, TextWriter Error, Action<int> End)
{
    private const string Switch = "--check-config";
    private const string JsonSwitch = "--json";

    public bool IsAsked => Arguments.Contains(Switch, StringComparer.Ordinal);

    public bool AsJson => Arguments.Contains(JsonSwitch, StringComparer.Ordinal);

    /// <summary>Returns the command of this process, or the one that a test has put in its place.</summary>
    public static DryRunCommand Find(IServiceCollection services) =>
        services.FirstOrDefault(static service => service.ServiceType == typeof(DryRunCommand))?.ImplementationInstance as DryRunCommand
        ?? new DryRunCommand(Environment.GetCommandLineArgs(), Console.Out, Console.Error, Environment.Exit);

    /// <summary>Finds an option that the platform takes for the value of the switch before it: a check of other settings than were meant must not say that all is fine.</summary>
    public string? FindUsageProblem()
    {
        for (var index = 0; index + 1 < Arguments.Count; index++)
        {
            var (argument, next) = (Arguments[index], Arguments[index + 1]);
            if (argument is Switch or JsonSwitch && next is not (Switch or JsonSwitch))
            {
                return $"'{next}' after {argument} would be taken for its value. Write {Switch} last, or {Switch} {JsonSwitch}.";
            }

            // Every option without '=' takes the argument after it for its value.
            if (argument.StartsWith("--", StringComparison.Ordinal) && !argument.Contains('=', StringComparison.Ordinal))
            {
                index++;
            }
        }

        return null;
    }
}
