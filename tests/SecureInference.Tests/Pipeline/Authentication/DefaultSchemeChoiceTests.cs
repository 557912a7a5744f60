using Microsoft.AspNetCore.Authentication;
using SecureInference.Pipeline.Authentication;

namespace SecureInference.Tests.Pipeline.Authentication;

public sealed class DefaultSchemeChoiceTests
{
    [Theory]
    [InlineData(null, new string[0], "SecureInference")]
    [InlineData(null, new[] { "Cookies" }, "Cookies")]
    [InlineData(null, new[] { "SecureInference of the app" }, "SecureInference of the app")]
    [InlineData(null, new[] { "Cookies", "Bearer" }, null)]
    [InlineData("Bearer", new[] { "Cookies", "Bearer" }, "Bearer")]
    public void PostConfigure_SchemesOfTheApp_LeavesTheDefaultThatItWouldHave(string? configured, string[] others, string? expected)
    {
        var options = new AuthenticationOptions { DefaultScheme = configured };
        foreach (var name in (string[])[SecureInferenceDefaults.AuthenticationScheme, .. others])
        {
            options.AddScheme<CallerAuthenticationHandler>(name, displayName: null);
        }

        new DefaultSchemeChoice().PostConfigure(name: null, options);

        Assert.Equal(expected, options.DefaultScheme);
    }
}
