using Microsoft.Extensions.Configuration;

namespace SecureInference;

/// <summary>Hands the section to packages that read a part of it, once its names and values are known to be sound.</summary>
internal sealed class PartConfiguration(Func<IConfiguration> read)
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Something in the section is misspelt or misshapen.</exception>
    public IConfiguration Read() => read();
}
