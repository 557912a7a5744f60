using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Aws;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets AWS KMS hold the keys of encrypted models.</summary>
public static class AwsKmsBuilderExtensions
{
    private const string Section = "AwsKms";

    /// <summary>Opens models that were encrypted for keys in AWS KMS.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after the section <c>AwsKms</c> was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddAwsKms(this ISecureInferenceBuilder builder, Action<AwsKmsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.PostConfigure(configure);
        }

        if (services.Any(static service => service.ServiceType == typeof(AwsKms)))
        {
            return builder;
        }

        services.AddSingleton(new ConfigurationPart(Section, typeof(AwsKmsOptions)));
        services.AddOptions<AwsKmsOptions>()
            .Configure<IServiceProvider>(static (options, provider) => provider.GetService<PartConfiguration>()?.Read().GetSection(Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<AwsKmsOptions>, AwsKmsOptionsValidator>();
        services.AddSingleton<AwsKms>();
        services.AddSingleton<IKeyUnwrapper>(static provider => provider.GetRequiredService<AwsKms>());
        return builder;
    }
}
