namespace SecureInference.Tests.Abstractions;

public sealed class AdmissionOptionsTests
{
    [Fact]
    public void Problems_Defaults_AreNone() => Assert.Empty(new AdmissionOptions().Problems("path"));

    [Fact]
    public void Problems_EveryLimitAt0_NamesIt()
    {
        foreach (var property in typeof(AdmissionOptions).GetProperties().Where(static property => property.Name.StartsWith("Max", StringComparison.Ordinal)))
        {
            var options = new AdmissionOptions();
            property.SetValue(options, Convert.ChangeType(0, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));

            var problem = Assert.Single(options.Problems("SecureInference:Models:digits:Admission"));

            Assert.StartsWith($"SecureInference:Models:digits:Admission:{property.Name} is 0. Write at least 1", problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Problems_ChainsOfFunctionsThatEndTheProcess_AreNotAllowed()
    {
        var options = new AdmissionOptions { MaxFunctionDepth = 20_000 };

        Assert.Contains("at most 256", Assert.Single(options.Problems("path")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gelu")]
    [InlineData("com.microsoft:")]
    [InlineData("a:b:c")]
    public void Problems_OperatorWithoutDomain_SaysHowToWriteIt(string name)
    {
        var options = new AdmissionOptions { AllowedOperators = [name] };

        Assert.Contains("\"com.microsoft:Gelu\"", Assert.Single(options.Problems("path")), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OfAModel_HoldThoseOfItsAdmission()
    {
        var options = new ModelOptions { Path = "/model.onnx", Admission = { MaxNodes = 0 } };

        Assert.Contains("path:Admission:MaxNodes is 0", Assert.Single(options.Problems("path")), StringComparison.Ordinal);
    }
}
