using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.Redis.Tests;

/// <summary>One node of an app, as far as it shares limits.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Node(ServiceProvider services, CollectedLog log)
    {
        _services = services;
        Log = log;
        Limits = services.GetRequiredService<ISharedLimits>();
    }

    public ISharedLimits Limits { get; }

    public IReadinessCheck Readiness => _services.GetRequiredService<IReadinessCheck>();

    public RedisLink Link => _services.GetRequiredService<RedisLink>();

    public CollectedLog Log { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static async Task<Node> StartAsync(string configuration, Action<RedisOptions>? configure = null, TimeProvider? time = null, bool mustConnect = true)
    {
        var log = new CollectedLog();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddSingleton<IHostEnvironment>(new Environment());
        services.TryAddSingleton(time ?? TimeProvider.System);
        new Builder(services).AddRedis(options =>
        {
            options.Configuration = configuration;
            options.ExpectedNodes = 2;

            // A busy machine is not what these tests are about.
            options.Timeout = TimeSpan.FromSeconds(5);
            configure?.Invoke(options);
        });
        var node = new Node(services.BuildServiceProvider(), log);
        await node._services.GetRequiredService<IStartCheck>().CheckAsync(TestContext.Current.CancellationToken);
        await node._services.GetRequiredService<IHostedService>().StartAsync(TestContext.Current.CancellationToken);
        if (mustConnect)
        {
            await Eventually.IsTrueAsync(() => node.Link.IsAvailable, "Redis is connected");
        }

        return node;
    }

    public ValueTask<SharedOutcome> TakeAsync(string owner, params SharedDemand[] demands) => Limits.TakeAsync(owner, demands);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed record Builder(IServiceCollection Services) : ISecureInferenceBuilder
    {
        public Microsoft.Extensions.Configuration.IConfiguration? Configuration => null;
    }

    private sealed class Environment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
