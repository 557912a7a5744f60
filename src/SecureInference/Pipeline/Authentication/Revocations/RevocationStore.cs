using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.Revocations;

/// <summary>Keeps the revocation list that is in force, and follows its file.</summary>
internal sealed class RevocationStore(IOptions<RevocationOptions> options, IHostEnvironment environment, AuthenticationTelemetry telemetry, TimeProvider time)
    : IStartCheck, IReadinessCheck, IDisposable
{
    private readonly RevocationOptions _options = options.Value;
    private Followed<RevocationList>? _followed;
    private WatchedFile? _file;

    /// <summary>Gets whether a reading goes on.</summary>
    public bool IsReading => _followed?.IsReading == true;

    /// <summary>Gets the list in force.</summary>
    /// <returns><see langword="false"/> where it could not be read for so long that nothing may be decided by it, or was not read yet.</returns>
    public bool TryGet([NotNullWhen(true)] out RevocationList? list)
    {
        if (_options.File is null)
        {
            list = RevocationList.Empty;
            return true;
        }

        list = null;
        return _followed is not null && _followed.TryGet(out list);
    }

    /// <summary>Reads the list for the first time.</summary>
    /// <exception cref="InvalidOperationException">It is missing or wrong; the message says what to write.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_options.File is not { } file)
        {
            return;
        }

        var path = Path.Combine(environment.ContentRootPath, file);
        _followed = new Followed<RevocationList>("revocation list", _ => ValueTask.FromResult(ReadIfChanged(path)), _options.PollInterval, _options.MaxStaleness, telemetry, time);
        _file = new WatchedFile(path, time, _followed.Poll);
        try
        {
            await _followed.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidOperationException(
                $"The revocation list '{path}' does not exist. Write {{ \"version\": 1, \"revoked\": [] }} into it, or set SecureInference:Revocations:File to another file.", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The revocation list cannot be used. {exception.Message}", exception);
        }
    }

    /// <summary>Looks at the file now.</summary>
    public void Poll() => _followed?.Poll();

    public InferenceError? Find() => _followed?.Find();

    public string? FindDegradation() => _followed?.FindDegradation();

    public void Dispose()
    {
        _followed?.Dispose();
        _file?.Dispose();
    }

    private RevocationList? ReadIfChanged(string path) =>
        _file?.ReadIfChanged(bytes => RevocationList.Create(RevocationFile.Parse(bytes, path).Revoked));
}
