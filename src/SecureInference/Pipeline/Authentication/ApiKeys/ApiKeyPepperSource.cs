using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Finds the peppers where they are configured: in a file, which is followed, or in the environment of the process.</summary>
internal sealed class ApiKeyPepperSource : IDisposable
{
    private readonly string? _path;
    private readonly WatchedFile? _file;
    private volatile ApiKeyPeppers? _current;

    public ApiKeyPepperSource(IOptions<ApiKeyOptions> options, IHostEnvironment environment, TimeProvider time)
    {
        _path = options.Value.PepperFile is { Length: > 0 } path ? Path.Combine(environment.ContentRootPath, path) : null;
        _file = _path is null ? null : new WatchedFile(_path, time, static () => { });
    }

    public ApiKeyPeppers Current => _current ?? throw new InvalidOperationException("The peppers have not been read yet.");

    /// <summary>Reads them, if they have changed.</summary>
    /// <returns>Whether they have.</returns>
    /// <exception cref="InvalidDataException">They are malformed.</exception>
    public bool ReadIfChanged()
    {
        // Not from configuration: a pepper in appsettings.json lies beside the store that it protects.
        var next = _file is null
            ? _current is null ? ApiKeyPeppers.Find(file: null, Environment.GetEnvironmentVariable(ApiKeyPeppers.Variable)) : null
            : _file.ReadIfChanged(_ => ApiKeyPeppers.Find(_path, Environment.GetEnvironmentVariable(ApiKeyPeppers.Variable)));
        _current = next ?? _current;
        return next is not null;
    }

    public void Dispose() => _file?.Dispose();
}
