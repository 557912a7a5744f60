using System.Globalization;
using SecureInference.Onnx.Admission;
using SecureInference.TestSupport;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class DocsTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Checkout.Docs, "model-protection.md"));

    [Fact]
    public void Page_EveryRule_StandsAsTheCodeHasIt()
    {
        var rows = Lines.Where(static line => line.StartsWith("| ONNX-", StringComparison.Ordinal));

        Assert.Equal(AdmissionRules.All.Values.Select(Row), rows);
    }

    [Fact]
    public void Page_EveryOption_StandsWithItsDefault()
    {
        var defaults = new AdmissionOptions();
        foreach (var property in typeof(AdmissionOptions).GetProperties())
        {
            var shown = property.GetValue(defaults) switch
            {
                IList<string> => "an empty list",
                AdmissionPolicy policy => $"`{policy}`",
                var number => Convert.ToInt64(number, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture),
            };

            var row = Assert.Single(Lines, line => line.StartsWith($"| `{property.Name}` |", StringComparison.Ordinal));
            Assert.Contains($"| {shown}", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Page_EveryOptionOfTheContract_Stands() => Assert.All(
        typeof(TensorContractOptions).GetProperties(),
        static property => Assert.EndsWith("| any. |", Assert.Single(Lines, line => line.StartsWith($"| `{property.Name}` |", StringComparison.Ordinal)), StringComparison.Ordinal));

    [Fact]
    public void Page_EveryPolicy_IsExplained() =>
        Assert.All(Enum.GetNames<AdmissionPolicy>(), static policy => Assert.Contains(Lines, line => line.StartsWith($"| `{policy}` | ", StringComparison.Ordinal)));

    [Fact]
    public void Rules_RemediesThatNameASwitch_AreOfRulesThatHaveOne()
    {
        foreach (var rule in AdmissionRules.All.Values)
        {
            var namesItself = rule.Remedy.Contains($"{rule.Id} to DisabledRules", StringComparison.Ordinal);

            Assert.True(!namesItself || rule.Weight is RuleWeight.Both or RuleWeight.StrictOnly, rule.Id);
        }
    }

    private static string Row(AdmissionRule rule)
    {
        var (strict, standard, hasSwitch) = rule.Weight switch
        {
            RuleWeight.Always => ("refused", "refused", "no"),
            RuleWeight.Both => ("refused", "refused", "yes"),
            RuleWeight.StrictOnly => ("refused", "reported", "yes"),
            RuleWeight.Never => ("reported", "reported", "no"),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Weight, null),
        };
        return $"| {rule.Id} | {rule.Title} | {strict} | {standard} | {hasSwitch} |";
    }
}
