namespace SecureInference.Models;

/// <summary>Loads the versions that are wanted; where one cannot be loaded, the one before it stays.</summary>
internal sealed class VersionLoader(string model, ModelOpener opener)
{
    /// <param name="options">The model's options; the path is absolute.</param>
    /// <param name="wanted">The versions that are there and wanted, the highest first.</param>
    /// <param name="current">The versions that serve.</param>
    /// <param name="anew">Whether to load what has not changed, too.</param>
    /// <param name="cancellationToken">Ends the loading; what was loaded is freed.</param>
    public async Task<LoadedVersions> LoadAsync(
        ModelOptions options, IReadOnlyList<ModelCandidate> wanted, VersionSet? current, bool anew, CancellationToken cancellationToken)
    {
        var serving = new List<ServedVersion>();
        var opened = new List<ServedVersion>();
        var problems = new List<Exception>();
        foreach (var candidate in wanted)
        {
            var before = current?.Find(candidate.Version);
            if (before is not null && !anew && before.IsOf(candidate, options))
            {
                serving.Add(before);
            }
            else if (await TryOpenAsync(options, candidate, opened, problems, cancellationToken) is { } loaded)
            {
                opened.Add(loaded);
                serving.Add(loaded);
            }
            else if (before is not null)
            {
                serving.Add(before);
            }

            // The highest that loads is the latest; those below it are not wanted.
            if (options.Versions is [] && serving is not [])
            {
                break;
            }
        }

        return new LoadedVersions(serving, problems);
    }

    private async Task<ServedVersion?> TryOpenAsync(
        ModelOptions options, ModelCandidate candidate, List<ServedVersion> opened, List<Exception> problems, CancellationToken cancellationToken)
    {
        try
        {
            return await opener.OpenAsync(model, options, candidate, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever a file makes a loader throw, the version before it goes on.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            problems.Add(exception);
            return null;
        }
        catch
        {
            await Task.WhenAll(opened.Select(version => version.FreeAsync(cancellationToken)));
            throw;
        }
    }
}
