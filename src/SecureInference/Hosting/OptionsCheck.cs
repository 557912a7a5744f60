using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>Says each problem of the options once: a section that is wrong is wrong for every part that is read from it.</summary>
internal sealed class OptionsCheck(IStartupValidator inner) : IStartupValidator
{
    /// <summary>Wraps the validator of the platform, which runs before everything else at start.</summary>
    public static void Decorate(IServiceCollection services)
    {
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index].ServiceType == typeof(IStartupValidator) && services[index].ImplementationType is { } type)
            {
                services[index] = ServiceDescriptor.Transient<IStartupValidator>(
                    provider => new OptionsCheck((IStartupValidator)ActivatorUtilities.CreateInstance(provider, type)));
            }
        }
    }

    public void Validate()
    {
        try
        {
            inner.Validate();
        }
        catch (AggregateException several) when (several.InnerExceptions.All(static one => one is OptionsValidationException))
        {
            var failures = several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(static one => one.Failures).Distinct();
            throw new OptionsValidationException(Options.DefaultName, typeof(SecureInferenceOptions), failures);
        }
    }
}
