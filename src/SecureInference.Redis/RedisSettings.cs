using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace SecureInference.Redis;

/// <summary>Makes of the options what the connection is opened with.</summary>
internal sealed class RedisSettings(IOptions<RedisOptions> options, IHostEnvironment environment)
{
    public const string PasswordVariable = "SECUREINFERENCE_REDIS_PASSWORD";

    /// <summary>How often a lost connection is looked after, and tried again: limits are shared again soon after Redis is back.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A host that drops packets must not hold an attempt for long.</summary>
    private const int MaxConnectTimeout = 2000;

    private readonly RedisOptions _options = options.Value;

    /// <summary>Gets what is configured in an unsafe way, though it works.</summary>
    public RedisRisks Risks
    {
        get
        {
            var parsed = ConfigurationOptions.Parse(_options.Configuration ?? "");
            return (parsed.Password is { Length: > 0 } ? RedisRisks.PasswordInConfiguration : 0)
                | (!parsed.Ssl && !parsed.EndPoints.All(IsLocal) ? RedisRisks.Unencrypted : 0);
        }
    }

    public static bool CanParse(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count != 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidOperationException">A file is missing or wrong; the message says what to write.</exception>
    public ConfigurationOptions Create()
    {
        var settings = ConfigurationOptions.Parse(_options.Configuration ?? "");
        settings.Password = FindPassword(settings.Password);
        if (_options.AuthorityFile is { } file)
        {
            Read("Redis:AuthorityFile", file, path =>
            {
                settings.TrustIssuer(path);
                return 0;
            });
        }

        // An app starts without Redis, and no request waits for a connection.
        settings.AbortOnConnectFail = false;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ReconnectRetryPolicy = new LinearRetry((int)RetryInterval.TotalMilliseconds);
        settings.HeartbeatInterval = RetryInterval;
        settings.ConnectTimeout = Math.Min(settings.ConnectTimeout, MaxConnectTimeout);
        settings.AsyncTimeout = (int)_options.Timeout.TotalMilliseconds;

        // Neither is used here: a user of Redis needs no rights for them.
        settings.TieBreaker = "";
        settings.ConfigurationChannel = "";
        settings.AllowAdmin = false;
        settings.ClientName ??= "secureinference";
        settings.IncludeDetailInExceptions = false;
        return settings;
    }

    private static bool IsLocal(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase),
        _ => true, // A Unix socket.
    };

    private string? FindPassword(string? configured)
    {
        var variable = Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } value ? value : null;
        var sources = (configured is { Length: > 0 } ? 1 : 0) + (_options.PasswordFile is null ? 0 : 1) + (variable is null ? 0 : 1);
        if (sources > 1)
        {
            throw new InvalidOperationException(
                $"SecureInference:Redis has a password in more than one place. Keep one of Redis:PasswordFile, the environment variable {PasswordVariable} and 'password=' in Redis:Configuration.");
        }

        if (_options.PasswordFile is not { } file)
        {
            return variable ?? configured;
        }

        var password = Read("Redis:PasswordFile", file, static path => File.ReadAllText(path)).TrimEnd('\r', '\n');
        return password.Length != 0 && !password.Contains('\n', StringComparison.Ordinal)
            ? password
            : throw new InvalidOperationException("SecureInference:Redis:PasswordFile names a file that holds no password. Write it into the file, as its one line.");
    }

    private T Read<T>(string option, string file, Func<string, T> read)
    {
        try
        {
            return read(Path.Combine(environment.ContentRootPath, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidOperationException($"SecureInference:{option} names '{file}', which cannot be read. Write the path of a file that this process may read.", exception);
        }
    }
}
