using Microsoft.Extensions.Options;

namespace SecureInference.Hosting.DryRun;

/// <summary>What a dry run has found.</summary>
internal sealed class DryRunReport
{
    private const int Fine = 0;
    private const int Failed = 1;
    private const int FileTrouble = 3;
    private readonly List<DryRunProblem> _problems = [];

    /// <summary>Gets what would stop the start, each once: an option that is wrong is found by everybody who asks for it.</summary>
    public IReadOnlyList<DryRunProblem> Problems => _problems;

    /// <summary>Gets or sets the environment of the app: what is fine in Development may not start elsewhere.</summary>
    public string Environment { get; set; } = "";

    /// <summary>Gets or sets what would be logged as a warning.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>Gets or sets the table of endpoints, or <see langword="null"/> where the app maps them when its server starts.</summary>
    public IReadOnlyList<EndpointDemand>? Endpoints { get; set; }

    /// <summary>Gets the exit code, which means what those of the tool mean.</summary>
    public int ExitCode => _problems.Count == 0 ? Fine : _problems.TrueForAll(static problem => problem.IsUnreadable) ? FileTrouble : Failed;

    public void Add(string text, bool isUnreadable = false)
    {
        if (!_problems.Exists(problem => problem.Text == text))
        {
            _problems.Add(new DryRunProblem(text, isUnreadable));
        }
    }

    public void Add(Exception exception)
    {
        switch (exception)
        {
            case AggregateException several:
                foreach (var one in several.Flatten().InnerExceptions)
                {
                    Add(one);
                }

                break;
            case OptionsValidationException options:
                foreach (var failure in options.Failures)
                {
                    Add(failure);
                }

                break;
            default:
                Add(exception.Message, ComesOfAFile(exception));
                break;
        }
    }

    private static bool ComesOfAFile(Exception? exception) =>
        exception is not null && (exception is IOException or UnauthorizedAccessException || ComesOfAFile(exception.InnerException));
}
