using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.Revocations;

/// <summary>Keeps the revocation list that is in force, and follows its file.</summary>
internal sealed class RevocationStore : IStartCheck, IReadinessCheck, IDisposable
{
    private readonly FollowedFile<RevocationList>? _file;

    public RevocationStore(IOptions<RevocationOptions> options, IHostEnvironment environment, AuthenticationTelemetry telemetry, TimeProvider time)
    {
        if (options.Value.File is { } file)
        {
            _file = new FollowedFile<RevocationList>(
                "revocation list",
                Path.Combine(environment.ContentRootPath, file),
                static (bytes, path) => RevocationList.Create(RevocationFile.Parse(bytes, path).Revoked),
                options.Value.PollInterval,
                options.Value.MaxStaleness,
                telemetry,
                time);
        }
    }

    /// <summary>Gets whether a reading goes on.</summary>
    public bool IsReading => _file?.IsReading == true;

    /// <summary>Gets the list in force.</summary>
    /// <returns><see langword="false"/> where it could not be read for so long that nothing may be decided by it, or was not read yet.</returns>
    public bool TryGet([NotNullWhen(true)] out RevocationList? list)
    {
        list = RevocationList.Empty;
        return _file is null || _file.TryGet(out list);
    }

    /// <summary>Reads the list for the first time.</summary>
    /// <exception cref="InvalidOperationException">It is missing or wrong; the message says what to write.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => _file is null
        ? Task.CompletedTask
        : _file.StartAsync("Write { \"version\": 1, \"revoked\": [] } into it, or set SecureInference:Revocations:File to another file.", cancellationToken);

    /// <summary>Looks at the file now.</summary>
    public void Poll() => _file?.Poll();

    public InferenceError? Find() => _file?.Find();

    public string? FindDegradation() => _file?.FindDegradation();

    public void Dispose() => _file?.Dispose();
}
