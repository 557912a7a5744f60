using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

public sealed class AddSecureInferenceTests
{
    [Fact]
    public void Add_Twice_ThrowsAndSaysWhatToDo()
    {
        var services = new ServiceCollection();
        services.AddSecureInference(_ => { });

        var exception = Assert.Throws<InvalidOperationException>(() => services.AddSecureInference(_ => { }));

        Assert.Contains("was called twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NoConfigurationAtHand_SaysWhatToPass()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddSecureInference());

        Assert.Contains("GetSection(\"SecureInference\")", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_WithoutArguments_BindsTheSection()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configuration(("SecureInference:RateLimits:Default:TokenLimit", "7")));
        services.AddSecureInference();
        using var provider = services.BuildServiceProvider();

        Assert.Equal(7, provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.Default.TokenLimit);
    }

    [Fact]
    public void Add_InCode_SetsEveryPart()
    {
        var services = new ServiceCollection();
        services.AddSecureInference(options =>
        {
            options.ApiKeys.Header = "x-mine";
            options.RateLimits.Tiers["gold"] = new CallerLimitOptions { TokenLimit = 9 };
        });
        using var provider = services.BuildServiceProvider();

        Assert.Equal("x-mine", provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value.Header);
        Assert.Equal(9, provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.Tiers["gold"].TokenLimit);
    }

    [Fact]
    public void Parts_ConfiguredInCode_WinOverConfiguration()
    {
        using var provider = Section.Services(
            Configuration(
                ("Arrival:RequireHttps", "true"),
                ("ApiKeys:Header", "x-file"),
                ("RateLimits:Default:TokenLimit", "1"),
                ("Audit:Directory", "file"),
                ("Protocol:ServerName", "file")),
            builder => builder
                .AddArrival(options => options.RequireHttps = false)
                .AddApiKeys(options => options.Header += "-code")
                .AddRateLimits(options => options.Default.TokenLimit++)
                .AddAuditing(options => options.Directory += "-code")
                .AddProtocol(options => options.ServerName += "-code"));

        Assert.False(provider.GetRequiredService<IOptions<ArrivalOptions>>().Value.RequireHttps);
        Assert.Equal("x-file-code", provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value.Header);
        Assert.Equal(2, provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.Default.TokenLimit);
        Assert.Equal("file-code", provider.GetRequiredService<IOptions<AuditOptions>>().Value.Directory);
        Assert.Equal("file-code", provider.GetRequiredService<IOptions<ProtocolOptions>>().Value.ServerName);
    }

    [Fact]
    public void Parts_ConfiguredInCode_AreConfiguredOnce()
    {
        using var provider = Section.Services(
            Configuration(("RateLimits:Default:TokenLimit", "10")),
            builder => builder.AddRateLimits(options =>
            {
                options.Default.TokenLimit *= 2;
                options.Tiers.Add("gold", new CallerLimitOptions());
            }));

        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(20, provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.Default.TokenLimit);
        Assert.Equal(20, provider.GetRequiredService<IOptionsMonitor<RateLimitOptions>>().CurrentValue.Default.TokenLimit);
    }

    [Fact]
    public void Parts_BadValueSetInCode_StopsTheStart()
    {
        using var provider = Section.Services(Configuration(), builder => builder.AddAuditing(options => options.QueueCapacity = 0));

        var exception = Assert.ThrowsAny<Exception>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("SecureInference:Audit:QueueCapacity is 0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownProperty_StopsTheAppBeforeItListens()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => GuardedApp.StartAsync(
            settings: new Dictionary<string, string?> { ["RateLimits:Default:TokenLimits"] = "1" }));

        Assert.Contains("RateLimits:Default:TokenLimits is not an option", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RateLimits:Default:TokenLimits", "1", "RateLimits:Default:TokenLimits is not an option")]
    [InlineData("RateLimits:Default:TokenLimit", "0", "RateLimits:Default:TokenLimit is 0")]
    public async Task Start_SeveralProblems_NamesEachOnce(string name, string value, string problem)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(
            settings: new Dictionary<string, string?> { [name] = value, [name.Replace("RateLimits:Default:TokenLimit", "Audit:QueueCapacity", StringComparison.Ordinal)] = "0" }));

        Assert.Equal(2, exception.Failures.Count());
        Assert.Single(exception.Failures, failure => failure.Contains(problem, StringComparison.Ordinal));
        Assert.Single(exception.Failures, static failure => failure.Contains("Audit:QueueCapacit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    public async Task Start_ForwardedHeadersFromAnybody_StopsTheApp(string value)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(services: services =>
            services.AddSingleton<IConfiguration>(Configuration(("FORWARDEDHEADERS_ENABLED", value)))));

        Assert.Contains("ASPNETCORE_FORWARDEDHEADERS_ENABLED", exception.Message, StringComparison.Ordinal);
        Assert.Contains("KnownProxies", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MissingKeyStore_StopsTheApp()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(
            settings: new Dictionary<string, string?> { ["ApiKeys:Store"] = "elsewhere.json" }));

        Assert.Contains("elsewhere.json' does not exist", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AuditFolderThatCannotBe_StopsTheApp()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(
            settings: new Dictionary<string, string?> { ["Audit:Directory"] = "keys.json" }));

        Assert.Contains("The audit log in 'keys.json' cannot be opened.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SecondAppOnOneAuditFolder_StopsAndSaysWhy()
    {
        await using var first = await GuardedApp.StartAsync();
        var folder = first.AuditFolder;

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardedApp.StartAsync(
            settings: new Dictionary<string, string?> { ["Audit:Directory"] = folder }));

        Assert.Contains("give each process a folder of its own: set SecureInference:Audit:Directory", exception.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build();
}
