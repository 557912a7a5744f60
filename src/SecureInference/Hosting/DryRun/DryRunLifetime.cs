using Microsoft.Extensions.Hosting;

namespace SecureInference.Hosting.DryRun;

/// <summary>Stands where the host waits for its life to begin: before it makes a hosted service, and so before the server. It checks, says what it found, and ends the process.</summary>
internal sealed class DryRunLifetime(DryRunCommand command, DryRunChecks checks, IServiceProvider services) : IHostLifetime
{
    private const int WrongUsage = 2;

    public async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        if (command.FindUsageProblem() is { } problem)
        {
            await command.Error.WriteLineAsync(problem);
            command.End(WrongUsage);
        }
        else
        {
            var report = await checks.RunAsync(services, cancellationToken);
            if (command.AsJson)
            {
                DryRunJson.Write(report, command.Output);
            }
            else
            {
                DryRunText.Write(report, command.Output, command.Error);
            }

            command.End(report.ExitCode);
        }

        throw new OperationCanceledException("This was a check; the app does not start.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
