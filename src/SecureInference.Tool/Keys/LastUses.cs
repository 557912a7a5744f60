using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>When keys were last used, as several servers know it together.</summary>
internal sealed class LastUses
{
    private readonly Dictionary<string, DateTimeOffset> _latest = new(StringComparer.Ordinal);

    private LastUses()
    {
    }

    /// <exception cref="FileTroubleException">A file cannot be read.</exception>
    public static LastUses Read(IEnumerable<string> files)
    {
        var uses = new LastUses();
        foreach (var path in files)
        {
            try
            {
                uses.Add(ApiKeyLastUseFile.Read(path));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new FileTroubleException($"The file '{path}' of last uses cannot be used: {exception.Message}", exception);
            }
        }

        return uses;
    }

    public DateTimeOffset? Find(string id) => _latest.TryGetValue(id, out var hour) ? hour : null;

    private void Add(ApiKeyLastUseFile file)
    {
        foreach (var (id, hour) in file.LastUse)
        {
            _latest[id] = Find(id) is { } known && known > hour ? known : hour;
        }
    }
}
