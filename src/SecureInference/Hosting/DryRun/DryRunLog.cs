using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureInference.Hosting.DryRun;

/// <summary>Keeps the warnings that a start would log, and keeps all else off the terminal: a script reads there.</summary>
internal sealed class DryRunLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _warnings = new();

    public IReadOnlyList<string> Warnings => [.. _warnings];

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<DryRunLog>();
        services.AddSingleton<ILoggerProvider>(static provider => provider.GetRequiredService<DryRunLog>());
        services.PostConfigure<LoggerFilterOptions>(static options =>
        {
            options.MinLevel = LogLevel.None;
            options.Rules.Clear();
            options.Rules.Add(new LoggerFilterRule(typeof(DryRunLog).FullName, "SecureInference", LogLevel.Warning, filter: null));
        });
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _warnings.Enqueue(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}
