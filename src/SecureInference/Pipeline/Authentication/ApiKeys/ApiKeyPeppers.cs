using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The secrets, by version, that a key store is checked by and that are not in it.</summary>
internal sealed class ApiKeyPeppers
{
    public const string Variable = "SECUREINFERENCE_PEPPER";

    /// <summary>As many bytes as the hash has: more would be hashed down to that, fewer could be guessed.</summary>
    private const int Length = 32;
    private const int MaxLength = 128;
    private const int MaxVersion = 1_000_000;
    private const UnixFileMode Forbidden =
        UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly SortedDictionary<int, byte[]> _versions;

    private ApiKeyPeppers(SortedDictionary<int, byte[]> versions) => _versions = versions;

    /// <summary>Gets no pepper.</summary>
    public static ApiKeyPeppers None { get; } = new([]);

    /// <summary>Gets the newest version, which new secrets and seals are made with, or <see langword="null"/> where there is none.</summary>
    public int? Newest => _versions.Count == 0 ? null : _versions.Keys.Last();

    /// <summary>Finds the peppers that are configured: the file's, or those of the environment variable.</summary>
    /// <exception cref="InvalidDataException">They are malformed, or named twice; the message says what to write.</exception>
    public static ApiKeyPeppers Find(string? file, string? variable)
    {
        if (file is not null && variable is not null)
        {
            throw new InvalidDataException($"The pepper is given twice: by a file and by {Variable}. Remove one of them.");
        }

        return file is not null ? ReadFile(file) : variable is not null ? Parse(variable, Variable) : None;
    }

    /// <summary>Reads a file of peppers, which nobody else may read.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or others may read it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ApiKeyPeppers ReadFile(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Forbidden) != 0)
        {
            throw new InvalidDataException(
                $"The pepper file '{path}' may be read or changed by others. Take that away: chmod 400 {path} (in Kubernetes, defaultMode: 0400 or 0440).");
        }

        return Parse(Encoding.UTF8.GetString(bytes), $"The pepper file '{path}'");
    }

    /// <summary>Makes a file of peppers, which only its owner may read, or adds the next version to one.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="InvalidDataException">The file is there, and is malformed, or others may read it.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static int AddVersion(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        var version = 1;
        if (File.Exists(path))
        {
            version = ReadFile(path).Newest + 1 ?? version;
            options.Mode = FileMode.Append;
        }
        else if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.ASCII.GetBytes($"{(version > 1 ? "\n" : "")}{Create(version)}\n"));
        stream.Flush(flushToDisk: true);
        return version;
    }

    /// <summary>Makes a version of a pepper, as it is written in a file.</summary>
    public static string Create(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length))}");

    public bool Has(int version) => _versions.ContainsKey(version);

    /// <summary>Returns a version.</summary>
    /// <exception cref="InvalidDataException">It is not listed.</exception>
    public byte[] Get(int version) => _versions.TryGetValue(version, out var pepper)
        ? pepper
        : throw new InvalidDataException(
            $"The key store was made with version {version} of the pepper, which is not listed. List it in the pepper file, or in {Variable}, beside the others.");

    private static ApiKeyPeppers Parse(string text, string source)
    {
        var versions = new SortedDictionary<int, byte[]>();
        foreach (var entry in text.Split([' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(':');
            var pepper = new byte[MaxLength];
            if (parts.Length != 2
                || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                || version is 0 or > MaxVersion
                || !Convert.TryFromBase64String(parts[1], pepper, out var length)
                || length < Length
                || !versions.TryAdd(version, pepper[..length]))
            {
                // Never what was found: it may be nearly a secret.
                throw new InvalidDataException(
                    $"{source} is malformed. Write each version once, as its number, a colon and at least {Length} random bytes in base64, or make one with 'secure-inference keys pepper'.");
            }
        }

        return versions.Count != 0
            ? new ApiKeyPeppers(versions)
            : throw new InvalidDataException($"{source} is empty. Make a pepper with 'secure-inference keys pepper', or remove the setting.");
    }
}
