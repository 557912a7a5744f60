using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.TestSupport;

namespace SecureInference.Aws.Tests;

public sealed class AwsKmsOptionsTests
{
    [Theory]
    [InlineData("AwsKms:Keys:0", "", "AwsKms:Keys")]
    [InlineData("AwsKms:Timeout", "00:01:00", "AwsKms:Timeout")]
    [InlineData("AwsKms:ServiceUrl", "http://kms.example.com", "AwsKms:ServiceUrl")]
    [InlineData("AwsKms:Region", " ", "AwsKms:Region")]
    [InlineData("AwsKms:Regoin", "eu-central-1", "AwsKms:Regoin is not an option")]
    public async Task Start_OptionThatIsWrong_StopsTheStart(string key, string value, string expected)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((key, value)));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SectionOfTheReadme_IsRead()
    {
        await using var app = await StartAsync(("AwsKms:Region", "eu-central-1"));

        var service = Assert.Single(app.Services.GetServices<IKeyUnwrapper>());

        Assert.Equal("aws-kms", service.Provider);
        Assert.Equal(["alias/models"], app.Services.GetRequiredService<IOptions<AwsKmsOptions>>().Value.Keys);
    }

    private static Task<GuardedApp> StartAsync(params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["AwsKms:Keys:0"] = "alias/models" };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return GuardedApp.StartAsync(static builder => builder.AddAwsKms(), settings: settings);
    }
}
