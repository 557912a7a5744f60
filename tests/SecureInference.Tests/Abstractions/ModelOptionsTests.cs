using SecureInference.Tests.Hosting;

namespace SecureInference.Tests.Abstractions;

/// <summary>Which versions, and how they are followed.</summary>
public sealed class ModelOptionsTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2", "10")]
    [InlineData("all")]
    public void Versions_NumbersOrAll_Pass(params string[] versions) => Assert.Empty(Problems(versions));

    [Theory]
    [InlineData("latest")]
    [InlineData("ALL")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("")]
    [InlineData("../1")]
    [InlineData("99999999999999999999")]
    public void Versions_SomethingElse_IsNamedWithWhatToWrite(string version) =>
        Assert.Equal([$"Models:m:Versions has '{version}'. Write numbers, for example [ \"1\", \"2\" ], or [ \"all\" ] alone; without it, the highest is served."], Problems(version));

    [Fact]
    public void Versions_AllBesideANumber_IsAProblem() => Assert.Contains("Versions has 'all'", Assert.Single(Problems("1", "all")), StringComparison.Ordinal);

    [Fact]
    public void Versions_OneTwice_IsAProblem() => Assert.Equal(["Models:m:Versions has '2' twice. Write it once."], Problems("2", "3", "2"));

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("00:00:00.001")]
    [InlineData("01:00:01")]
    public void PollInterval_OutOfRange_StopsTheStart(string value) => Assert.Contains(
        "Models:m:PollInterval is ", Section.ProblemOf(("Models:m:Path", "m.onnx"), ("Models:m:PollInterval", value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:00:00.010")]
    [InlineData("01:00:00")]
    public void PollInterval_InRangeOrOff_Passes(string value) => Assert.Null(Section.TryProblemOf(("Models:m:Path", "m.onnx"), ("Models:m:PollInterval", value)));

    [Fact]
    public void Versions_OneValueInTheConfiguration_IsAskedToBeAList() => Assert.Contains(
        "Models:m:Versions is 'all'. Write a list", Section.ProblemOf(("Models:m:Path", "m"), ("Models:m:Versions", "all")), StringComparison.Ordinal);

    private static IEnumerable<string> Problems(params string[] versions) => new ModelOptions { Path = "m", Versions = versions }.Problems("Models:m");
}
