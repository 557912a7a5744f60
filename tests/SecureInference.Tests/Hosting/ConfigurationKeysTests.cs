using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Hosting;

namespace SecureInference.Tests.Hosting;

public sealed class ConfigurationKeysTests
{
    [Theory]
    [InlineData("RateLimit", "RateLimit is not an option of this version. The section knows:")]
    [InlineData("Arrival:RequireHttp", "Arrival:RequireHttp is not an option of this version. Arrival knows: RequireHttps, AllowedNetworks, KnownProxies,")]
    [InlineData("ApiKeys:Stores", "ApiKeys:Stores is not an option")]
    [InlineData("RateLimits:Defaults:TokenLimit", "RateLimits:Defaults is not an option")]
    [InlineData("RateLimits:Default:TokenLimits", "RateLimits:Default:TokenLimits is not an option")]
    [InlineData("RateLimits:Tiers:gold:Limit", "RateLimits:Tiers:gold:Limit is not an option of this version. RateLimits:Tiers:gold knows: TokenLimit,")]
    [InlineData("Audit:Folder", "Audit:Folder is not an option")]
    [InlineData("Protocol:Name", "Protocol:Name is not an option")]
    [InlineData("Models:digits:Cuda:MemLimit", "Models:digits:Cuda:MemLimit is not an option of this version. Models:digits:Cuda knows: MemoryLimit,")]
    [InlineData("Models:digits:Contract:Input", "Models:digits:Contract:Input is not an option of this version. Models:digits:Contract knows: Inputs, Outputs.")]
    [InlineData("Models:digits:Contract:Inputs:image:Type", "Models:digits:Contract:Inputs:image:Type is not an option of this version. Models:digits:Contract:Inputs:image knows: DataType, Shape, MaxShape.")]
    [InlineData("Models:digits:Contract:Outputs:label:Dims", "Models:digits:Contract:Outputs:label:Dims is not an option of this version.")]
    [InlineData("Models:digits:Admission:MaxNode", "Models:digits:Admission:MaxNode is not an option of this version. Models:digits:Admission knows: Policy, DisabledRules,")]
    [InlineData("Models:digits:MaxBatch", "Models:digits:MaxBatch is not an option of this version. Models:digits knows: Path,")]
    public void Start_UnknownProperty_IsNamedTogetherWithTheKnownOnes(string key, string expected) =>
        Assert.Contains(expected, Section.ProblemOf((key, "1")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Shape":"-1,64"}""", "Models:digits:Contract:Inputs:image:Shape is '-1,64'. Write a list")]
    [InlineData("""{"Shape":[-1,"many"]}""", "Models:digits:Contract:Inputs:image:Shape:1 is 'many'. Write a whole number.")]
    [InlineData("""{"DataType":"float"}""", "Models:digits:Contract:Inputs:image:DataType is 'float'. Write one of: BOOL,")]
    [InlineData("{}", "Models:digits:Contract:Inputs:image is empty. Write DataType, Shape or both.")]
    [InlineData("null", "Models:digits:Contract:Inputs:image is empty.")]
    public void Start_WrongContract_IsNamed(string input, string expected) =>
        Assert.Contains(expected, Section.TryProblemOfJson("""{"Models":{"digits":{"Path":"m.onnx","Contract":{"Inputs":{"image":""" + input + "}}}}}") ?? "", StringComparison.Ordinal);

    [Fact]
    public void Start_Contract_IsReadAsWritten()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:digits:Path"] = "m.onnx",
            ["Models:digits:Contract:Inputs:image:DataType"] = "FP32",
            ["Models:digits:Contract:Inputs:image:Shape:0"] = "-1",
            ["Models:digits:Contract:Inputs:image:Shape:1"] = "64",
        }).Build();
        using var services = Section.Services(settings);

        var image = services.GetRequiredService<IOptions<SecureInferenceOptions>>().Value.Models["digits"].Contract?.Inputs["image"];

        Assert.Equal("FP32", image?.DataType);
        Assert.Equal([-1, 64], image?.Shape);
        Assert.Null(image?.MaxShape);
    }

    [Theory]
    [InlineData("arrival:requirehttps", "false")]
    [InlineData("RATELIMITS:DEFAULT:TOKENLIMIT", "7")]
    public void Start_KnownPropertyInAnotherCase_Passes(string key, string value) => Assert.Null(Section.TryProblemOf((key, value)));

    [Theory]
    [InlineData("Arrival", "true")]
    [InlineData("ApiKeys", "keys.json")]
    [InlineData("RateLimits", "60")]
    [InlineData("RateLimits:Default", "60")]
    [InlineData("RateLimits:Tiers", "gold")]
    [InlineData("RateLimits:Tiers:gold", "60")]
    [InlineData("Audit", "audit")]
    [InlineData("Protocol", "v2")]
    [InlineData("Models", "digits")]
    [InlineData("Models:digits", "models/digits.onnx")]
    [InlineData("Models:digits:Cuda", "0,1")]
    public void Start_ValueWhereASectionBelongs_IsNamed(string key, string value) =>
        Assert.Contains($"{key} is '{value}'", Section.ProblemOf((key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Arrival:AllowedNetworks", "10.0.0.0/8")]
    public void Start_ValueWhereAListBelongs_IsNamed(string key, string value) =>
        Assert.Contains($"{key} is '{value}'", Section.ProblemOf((key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Arrival:AllowedNetworks:0:Cidr", "Arrival:AllowedNetworks:0")]
    [InlineData("Arrival:RequireHttps:Value", "Arrival:RequireHttps")]
    [InlineData("RateLimits:Default:TokenLimit:Value", "RateLimits:Default:TokenLimit")]
    [InlineData("RateLimits:Tiers:gold:TokenLimit:Value", "RateLimits:Tiers:gold:TokenLimit")]
    [InlineData("ApiKeys:Store:0", "ApiKeys:Store")]
    [InlineData("Models:digits:Timeout:Seconds", "Models:digits:Timeout")]
    public void Start_SectionWhereAValueBelongs_IsNamed(string key, string expected) =>
        Assert.Contains($"{expected} is a section", Section.ProblemOf((key, "1")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Models":{"digits":{}}}""", "Models:digits")]
    [InlineData("""{"Models":{"digits":null}}""", "Models:digits")]
    public void Start_ModelWithoutAnything_IsNamed(string json, string expected) =>
        Assert.Contains(expected, Section.TryProblemOfJson(json) ?? "", StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"RateLimits":{"Tiers":{"gold":null}}}""")]
    [InlineData("""{"RateLimits":{"Default":null},"Arrival":null,"Models":{},"Audit":{}}""")]
    [InlineData("""{"Arrival":{"AllowedNetworks":[]}}""")]
    public void Start_EmptyParts_DoNotCrash(string json)
    {
        var problem = Section.TryProblemOfJson(json);

        Assert.DoesNotContain("reference", problem ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Start_EveryPartUsedAsMeant_Passes() =>
        Assert.Null(Section.TryProblemOf(("Arrival:RequireHttps", "true"), ("Models:digits:Path", "x"), ("RateLimits:Tiers:gold:TokenLimit", "5")));
}
