using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecureInference.Tests.Hosting;

/// <summary>Asks what a host asks before it starts: are these settings right?</summary>
internal static class Section
{
    public static string ProblemOf(params (string Key, string? Value)[] settings)
    {
        var problem = TryProblemOf(settings);
        Assert.NotNull(problem);
        return problem;
    }

    public static string? TryProblemOf(params (string Key, string? Value)[] settings) =>
        TryProblemOf(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build());

    public static string? TryProblemOfJson(string json) =>
        TryProblemOf(new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))).Build());

    public static ServiceProvider Services(IConfiguration configuration, Action<ISecureInferenceBuilder>? add = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(configuration);
        var builder = services.AddSecureInference(configuration);
        add?.Invoke(builder);
        return services.BuildServiceProvider();
    }

    private static string? TryProblemOf(IConfiguration configuration)
    {
        using var services = Services(configuration);
        var exception = Record.Exception(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.True(
            exception is null or OptionsValidationException or AggregateException or InvalidOperationException,
            $"A problem of the settings came as {exception}");
        return exception?.Message;
    }
}
