using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SecureInference.Models;

namespace SecureInference.Hosting;

/// <summary>Serves changed models while the app runs. What is wrong with them is said, and the models before go on.</summary>
internal sealed class ModelsReload(
    ISecureInferenceBuilder builder, IOptionsFactory<SecureInferenceOptions> root, ModelCatalog catalog, ModelsTelemetry telemetry) : IHostedService, IDisposable
{
    private readonly Lock _reloading = new();
    private Dictionary<string, string> _inForce = new(StringComparer.Ordinal);
    private string? _tried;
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (builder.Configuration is { } section)
        {
            _tried = Text(section);
            _inForce = Texts(section);
            _subscription = ChangeToken.OnChange(section.GetReloadToken, () => Reload(section));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private static Dictionary<string, string> Texts(IConfiguration section) => section.GetSection("Models").GetChildren().ToDictionary(
        static model => model.Key,
        Text,
        StringComparer.Ordinal);

    private static string Text(IConfiguration section) => string.Join('\n', section.AsEnumerable(makePathsRelative: true).Select(static item => $"{item.Key}={item.Value}"));

    private void Reload(IConfiguration section)
    {
        lock (_reloading)
        {
            // A changed file is told twice. What is wrong elsewhere in the section is wrong for the models, too.
            var text = Text(section);
            if (text == _tried)
            {
                return;
            }

            _tried = text;
            var texts = Texts(section);
            string[] changed = [.. texts.Keys.Where(name => _inForce.GetValueOrDefault(name) != texts[name])];
            string[] removed = [.. _inForce.Keys.Where(name => !texts.ContainsKey(name))];
            if (changed is [] && removed is [])
            {
                return;
            }

            try
            {
                // As at the start: bound, changed by code, checked.
                var options = new ModelCatalogOptions(root.Create(Options.DefaultName).Models);
                if (options.Problems().FirstOrDefault() is { } problem)
                {
                    throw new OptionsValidationException(Options.DefaultName, typeof(ModelCatalogOptions), ["SecureInference:" + problem]);
                }

                catalog.Change(options.Models.Where(model => changed.Contains(model.Key)).ToDictionary(), removed);
                _inForce = texts;
            }
#pragma warning disable CA1031 // On the thread of whoever watches the file, whatever is wrong with it would end the process.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                telemetry.NotChanged(exception.Message);
            }
        }
    }
}
