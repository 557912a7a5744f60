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
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    public bool ReadIfChanged()
    {
        // Not from configuration: a pepper in appsettings.json lies beside the store that it protects.
        var next = _file is null
            ? _current is null ? ApiKeyPeppers.Find(file: null, Environment.GetEnvironmentVariable(ApiKeyPeppers.Variable)) : null
            : ReadFileIfChanged(_file);
        _current = next ?? _current;
        return next is not null;
    }

    private ApiKeyPeppers? ReadFileIfChanged(WatchedFile file)
    {
        try
        {
            return file.ReadIfChanged(_ => ApiKeyPeppers.Find(_path, Environment.GetEnvironmentVariable(ApiKeyPeppers.Variable)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // By itself it would be taken for the store, beside which it is read.
            throw new FileNotFoundException(
                $"The pepper file '{_path}' does not exist. Correct SecureInference:ApiKeys:PepperFile; 'secure-inference keys pepper' makes one.", _path, exception);
        }
    }

    public void Dispose() => _file?.Dispose();
}
