using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference;

/// <summary>Adds parts to SecureInference.</summary>
public interface ISecureInferenceBuilder
{
    /// <summary>Gets the services of the app.</summary>
    IServiceCollection Services { get; }

    /// <summary>Gets the section that SecureInference is configured by, or <see langword="null"/> where it is configured in code alone.</summary>
    IConfiguration? Configuration { get; }
}
