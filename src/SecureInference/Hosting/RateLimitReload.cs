using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Hosting;

/// <summary>Puts changed limits in force while the app runs. What is wrong with them is said, and the limits before stay.</summary>
internal sealed class RateLimitReload(
    ISecureInferenceBuilder builder,
    IOptionsFactory<SecureInferenceOptions> root,
    IEnumerable<IConfigureOptions<RateLimitOptions>> configure,
    IEnumerable<IPostConfigureOptions<RateLimitOptions>> postConfigure,
    IEnumerable<IValidateOptions<RateLimitOptions>> validate,
    IServiceProvider services,
    RateLimitingTelemetry telemetry) : IHostedService, IDisposable
{
    private readonly Lock _reloading = new();
    private string? _inForce;
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (builder.Configuration is { } section)
        {
            _inForce = Text(section);
            _subscription = ChangeToken.OnChange(section.GetReloadToken, () => Reload(section));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private static string Text(IConfiguration section) => string.Join('\n', section.GetSection("RateLimits").AsEnumerable().Select(static item => $"{item.Key}={item.Value}"));

    private void Reload(IConfiguration section)
    {
        // A changed file is told twice, and most changes are not to limits.
        lock (_reloading)
        {
            var text = Text(section);
            if (text == _inForce)
            {
                return;
            }

            _inForce = text;
            try
            {
                // Asked for only now: what is wrong with the options at the start is said by those who check them.
                services.GetRequiredService<CallerLimiter>().Apply(Read());
                telemetry.Changed();
            }
#pragma warning disable CA1031 // On the thread of whoever watches the file, whatever is wrong with it would end the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                telemetry.NotChanged(exception.Message);
            }
        }
    }

    // As at the start: bound, changed by code, checked. Neither the root nor the part is kept, so that every change is read.
    private RateLimitOptions Read()
    {
        IOptionsFactory<RateLimitOptions> part = new PartOptionsFactory<RateLimitOptions>(
            Options.Create(root.Create(Options.DefaultName)), static options => options.RateLimits, configure, postConfigure, validate);
        return part.Create(Options.DefaultName);
    }
}
