using Microsoft.Extensions.Configuration;
using SecureInference.Hosting.DryRun;

namespace SecureInference.Tests.Hosting.DryRun;

public sealed class DryRunCommandTests
{
    [Theory]
    [InlineData("app.dll", false)]
    [InlineData("app.dll --check-config", true)]
    [InlineData("app.dll --environment Production --check-config --json", true)]
    [InlineData("app.dll --check-configuration", false)]
    [InlineData("app.dll --Check-Config", false)]
    [InlineData("app.dll check-config", false)]
    public void IsAsked_CommandLine_LooksForTheSwitch(string commandLine, bool isAsked) => Assert.Equal(isAsked, Command(commandLine).IsAsked);

    [Theory]
    [InlineData("app.dll --check-config")]
    [InlineData("app.dll --check-config --json")]
    [InlineData("app.dll --json --check-config")]
    [InlineData("app.dll --environment Production --check-config")]
    [InlineData("app.dll --environment=Production --check-config --json")]
    [InlineData("app.dll --check-config --json --environment Production")]
    public void FindUsageProblem_SwitchThatTakesNothing_FindsNone(string commandLine)
    {
        Assert.Null(Command(commandLine).FindUsageProblem());
        Assert.Equal(commandLine.Contains("Production", StringComparison.Ordinal) ? "Production" : null, Platform(commandLine)["environment"]);
    }

    [Theory]
    [InlineData("app.dll --check-config --environment Production", "--check-config")]
    [InlineData("app.dll --json --environment Production --check-config", "--json")]
    [InlineData("app.dll --urls http://127.0.0.1:0 --check-config --environment Production --json", "--check-config")]
    public void FindUsageProblem_OptionThatThePlatformWouldSwallow_NamesIt(string commandLine, string before)
    {
        var problem = Command(commandLine).FindUsageProblem();

        Assert.StartsWith($"'--environment' after {before} ", problem, StringComparison.Ordinal);
        Assert.Null(Platform(commandLine)["environment"]);
    }

    private static DryRunCommand Command(string commandLine) => new(commandLine.Split(' '), TextWriter.Null, TextWriter.Null, static _ => { });

    /// <summary>What the platform makes of the same arguments.</summary>
    private static IConfigurationRoot Platform(string commandLine) => new ConfigurationBuilder().AddCommandLine(commandLine.Split(' ')[1..]).Build();
}
