using Microsoft.Extensions.Configuration;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Finds keys that stand in a settings file. Such a file lies beside the models, in repositories, images and backups: who has it has what the encryption is to protect.</summary>
/// <param name="section">The section <c>SecureInference</c>, or <see langword="null"/> where there is none.</param>
/// <param name="app">The app's configuration, which the section may be a part of.</param>
internal sealed class SettingsSecrets(IConfiguration? section, IConfiguration? app) : IStartCheck
{
    private const string Remedy = "Write it into a file that only this process may read and name that there, or name an environment variable as env:NAME.";

    public Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var model in section?.GetSection("Models").GetChildren() ?? [])
        {
            Require(model.Key);
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses a model whose keys come from a settings file.</summary>
    /// <exception cref="ModelLoadException">They do; the message says where, and not what.</exception>
    public void Require(string model)
    {
        if (section is null)
        {
            return;
        }

        var option = ConfigurationPath.Combine("Models", model, nameof(ModelOptions.Identities));
        var root = section as IConfigurationRoot ?? app as IConfigurationRoot;
        foreach (var (key, value) in section.GetSection(option).AsEnumerable(makePathsRelative: false))
        {
            // Also what another source overrules: who has the file has the key.
            Origin[] origins = root is null ? [] : [.. Origins(root, key)];
            if (origins.Length == 0 && value is not null && IdentityText.IsIdentity(value))
            {
                throw new ModelLoadException($"SecureInference:{option} holds a key, and where it comes from cannot be told, because the section is not a part of the app's configuration. {Remedy}");
            }

            if (Array.Find(origins, static origin => origin.IsFile) is { } file)
            {
                throw new ModelLoadException($"SecureInference:{option} holds a key, and comes from a settings file ({file.Name}). Remove it there, make a new key, and encrypt the model for that. {Remedy}");
            }
        }
    }

    private static IEnumerable<Origin> Origins(IConfigurationRoot root, string key)
    {
        foreach (var provider in root.Providers)
        {
            if (!provider.TryGet(key, out var value) || value is null || !IdentityText.IsIdentity(value))
            {
                continue;
            }

            if (provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner })
            {
                foreach (var origin in Origins(inner, key))
                {
                    yield return origin;
                }
            }
            else
            {
                yield return new Origin(provider is FileConfigurationProvider or StreamConfigurationProvider, provider.ToString() ?? provider.GetType().Name);
            }
        }
    }

    private sealed record Origin(bool IsFile, string Name);
}
