using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.Hosting;

/// <summary>What <c>AddSecureInference()</c> returns.</summary>
internal sealed record SecureInferenceBuilder(IServiceCollection Services, IConfiguration? Configuration) : ISecureInferenceBuilder;
