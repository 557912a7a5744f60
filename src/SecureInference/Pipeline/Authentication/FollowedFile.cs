using System.Diagnostics.CodeAnalysis;

namespace SecureInference.Pipeline.Authentication;

/// <summary>A file that credentials are judged by, followed while the app runs.</summary>
internal sealed class FollowedFile<T> : IDisposable
    where T : class
{
    private readonly string _name;
    private readonly string _path;
    private readonly Func<byte[], string, T> _parse;
    private readonly Followed<T> _followed;
    private readonly WatchedFile _file;

    /// <param name="name">What it is called in the log and in metrics.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="parse">Makes of its bytes and its path what it means; it throws <see cref="InvalidDataException"/> where that fails.</param>
    /// <param name="pollInterval">How often it is looked at.</param>
    /// <param name="maxStaleness">How long what was read last holds without a reading that works.</param>
    /// <param name="telemetry">Hears of changes and failures.</param>
    /// <param name="time">The clock.</param>
    public FollowedFile(
        string name,
        string path,
        Func<byte[], string, T> parse,
        TimeSpan pollInterval,
        TimeSpan maxStaleness,
        AuthenticationTelemetry telemetry,
        TimeProvider time)
    {
        _name = name;
        _path = path;
        _parse = parse;
        _followed = new Followed<T>(name, _ => ValueTask.FromResult(ReadIfChanged()), pollInterval, maxStaleness, telemetry, time);
        _file = new WatchedFile(path, time, _followed.Poll);
    }

    /// <summary>Gets whether it is being read.</summary>
    public bool IsReading => _followed.IsReading;

    /// <summary>Reads it for the first time.</summary>
    /// <param name="remedy">What to do where it does not exist.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">It is missing or wrong; the message says what to write.</exception>
    public async Task StartAsync(string remedy, CancellationToken cancellationToken)
    {
        try
        {
            await _followed.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidOperationException($"The {_name} '{_path}' does not exist. {remedy}", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The {_name} cannot be used. {exception.Message}", exception);
        }
    }

    /// <summary>Gets what it holds.</summary>
    /// <returns><see langword="false"/> where that is too old, and nothing may be decided by it.</returns>
    public bool TryGet([NotNullWhen(true)] out T? current) => _followed.TryGet(out current);

    /// <summary>Looks at it now.</summary>
    public void Poll() => _followed.Poll();

    public InferenceError? Find() => _followed.Find();

    public string? FindDegradation() => _followed.FindDegradation();

    public void Dispose()
    {
        _followed.Dispose();
        _file.Dispose();
    }

    private T? ReadIfChanged() => _file.ReadIfChanged(bytes => _parse(bytes, _path));
}
