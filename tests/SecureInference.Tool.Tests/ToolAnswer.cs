namespace SecureInference.Tool.Tests;

/// <summary>How a run of the tool ended, and what it said.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n');
}
