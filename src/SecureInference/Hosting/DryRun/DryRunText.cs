namespace SecureInference.Hosting.DryRun;

/// <summary>Says to people what a dry run has found.</summary>
internal static class DryRunText
{
    public static void Write(DryRunReport report, TextWriter output, TextWriter error)
    {
        output.WriteLine($"environment: {report.Environment}");
        output.WriteLine();
        output.WriteLine(report.Endpoints is null
            ? "What the endpoints demand is not known before the start: this app maps them when its server starts."
            : $"What each endpoint demands of its caller:{EndpointTable.Format(report.Endpoints)}");
        output.WriteLine();
        output.WriteLine($"Models that load: {(report.Models.Count == 0 ? "none" : string.Join(", ", report.Models))}");
        output.WriteLine();
        output.Flush();
        foreach (var warning in report.Warnings)
        {
            error.WriteLine($"warning: {warning}");
        }

        foreach (var problem in report.Problems)
        {
            error.WriteLine($"problem: {problem.Text}");
        }

        error.Flush();
        output.WriteLine(report.Problems.Count switch { 0 => "fine", 1 => "1 problem", var count => $"{count} problems" });
        output.Flush();
    }
}
