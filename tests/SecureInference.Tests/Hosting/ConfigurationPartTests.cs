using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecureInference.Tests.Hosting;

/// <summary>The section of a package beside the core: known where it is added, and never passed over where it is not.</summary>
public sealed class ConfigurationPartTests
{
    private const string Password = "hunter2";

    [Fact]
    public void Start_SectionWithoutItsPackage_NamesThePackageAndTheCall()
    {
        var problem = Section.ProblemOf(("Redis:Configuration", "127.0.0.1:6379"));

        Assert.Contains("SecureInference:Redis is read by the package SecureInference.Redis.", problem, StringComparison.Ordinal);
        Assert.Contains("AddSecureInference(...).AddRedis()", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SectionWithItsPackage_Passes() => Assert.Null(ProblemOf(
        ("Redis:Configuration", "127.0.0.1:6379"), ("Redis:ExpectedNodes", "3"), ("Redis:WhenUnavailable", "failclosed"), ("Redis:Timeout", "00:00:00.050")));

    [Theory]
    [InlineData("Redis:Connection", "x", "Redis:Connection is not an option of this version. Redis knows: Configuration,")]
    [InlineData("Redis:WhenUnavailable", "Open", "Redis:WhenUnavailable is 'Open'. Write one of: Local, FailClosed, FailOpen.")]
    [InlineData("Redis:WhenUnavailable", "2", "Redis:WhenUnavailable is '2'. Write one of:")]
    [InlineData("Redis:ExpectedNodes", "three", "Redis:ExpectedNodes is 'three'. Write a whole number.")]
    [InlineData("Redis:ExpectedNodes", "0", "Redis:ExpectedNodes is 0. Write how many nodes")]
    [InlineData("Redis:ExpectedNodes", "", "Redis:ExpectedNodes is missing. Write how many nodes")]
    [InlineData("Redis:Timeout", "100", "Redis:Timeout is '100'. Write hours, minutes and seconds")]
    [InlineData("Redis:Timeout", "00:01:00", "Redis:Timeout is 00:01:00. Write a time between")]
    [InlineData("Redis:Configuration", "", "Redis:Configuration is missing. Write where Redis is")]
    [InlineData("Redis:KeyPrefix", "{a}", "Redis:KeyPrefix may hold letters")]
    [InlineData("Redis:LeaseTokens", "-1", "Redis:LeaseTokens is -1.")]
    [InlineData("Redis:MaxLeases", "0", "Redis:MaxLeases is 0.")]
    public void Start_WrongValue_IsNamed(string key, string value, string expected) => Assert.Contains(
        expected,
        ProblemOf([("Redis:Configuration", "127.0.0.1:6379"), ("Redis:ExpectedNodes", "3"), .. new[] { (key, (string?)value) }]) ?? "",
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Redis:Configuration", "127.0.0.1:6379,password=a," + Password + "=b")]
    [InlineData("Redis:Configuration", "127.0.0.1:6379,ssl=" + Password)]
    [InlineData("Redis", "127.0.0.1:6379,password=" + Password)]
    public void Start_WrongConnectionString_ShowsNoPassword(string key, string value)
    {
        var problem = ProblemOf(("Redis:ExpectedNodes", "3"), (key, value));

        Assert.Contains("SecureInference:Redis", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SectionIsAValueWithoutThePackage_ShowsNoPassword() =>
        Assert.DoesNotContain(Password, Section.ProblemOf(("Redis", "127.0.0.1:6379,password=" + Password)), StringComparison.Ordinal);

    [Fact]
    public void Start_SeveralProblems_AreAllNamed()
    {
        var problem = ProblemOf(("Redis:Timeout", "soon"), ("Arrival:Https", "true"));

        Assert.Contains("Redis:Timeout is 'soon'", problem, StringComparison.Ordinal);
        Assert.Contains("Arrival:Https is not an option", problem, StringComparison.Ordinal);
    }

    private static string? ProblemOf(params (string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        using var services = Section.Services(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), static builder => builder.AddRedis());
        return Record.Exception(() => services.GetRequiredService<IStartupValidator>().Validate())?.Message;
    }
}
