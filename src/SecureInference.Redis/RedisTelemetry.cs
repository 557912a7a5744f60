using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Redis;

/// <summary>Says when limits are shared through Redis and when they are not; nothing is said of single requests.</summary>
internal sealed partial class RedisTelemetry
{
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _failures;

    public RedisTelemetry(ILoggerFactory loggers, IMeterFactory meters)
    {
        _logger = loggers.CreateLogger("SecureInference.Redis");
        _meter = meters.Create(SecureInferenceDefaults.TelemetryName);
        _failures = _meter.CreateCounter<long>("secure_inference.redis.failures", "{call}", "Calls of Redis that failed or took too long.");
    }

    [LoggerMessage(3001, LogLevel.Information, "Limits are shared through Redis.")]
    public partial void Shared();

    [LoggerMessage(3002, LogLevel.Warning, "Limits are not shared through Redis any more ({Reason}): {Advice}. Redis:WhenUnavailable is {Mode} meanwhile.")]
    public partial void Lost(string reason, string advice, WhenUnavailable mode);

    [LoggerMessage(3003, LogLevel.Warning, "Redis refused a call ({Reason}): {Advice}. It is said once; Redis:WhenUnavailable is {Mode} for these callers.")]
    public partial void Refused(string reason, string advice, WhenUnavailable mode);

    [LoggerMessage(3004, LogLevel.Warning, "Redis:Configuration holds a password. Write it into a file and name that in Redis:PasswordFile, or set the environment variable {Variable}.")]
    public partial void PasswordInConfiguration(string variable);

    [LoggerMessage(3005, LogLevel.Warning, "Redis is asked in clear text, over a network: whoever sits between reads the password and may answer as Redis. Add ssl=true to Redis:Configuration.")]
    public partial void Unencrypted();

    public void Observe(Func<bool> isShared) => _meter.CreateObservableGauge(
        "secure_inference.redis.available", () => isShared() ? 1 : 0, unit: null, "Whether limits are shared through Redis: 1 where they are.");

    public void Failed(RedisFailure failure)
    {
        if (_failures.Enabled)
        {
            _failures.Add(1, new KeyValuePair<string, object?>("reason", failure.Reason));
        }
    }
}
