using System.Text.RegularExpressions;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Keys;

/// <summary>What docs/api-keys.md says is true.</summary>
public sealed class ApiKeysPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Checkout.Docs, "api-keys.md"));

    [Fact]
    public void Page_RegularExpressionForScanners_FindsEveryKeyAndNothingNear()
    {
        var scanner = new Regex(Assert.Single(Page.Split('\n'), static line => line.StartsWith(@"\bsi_", StringComparison.Ordinal)), RegexOptions.None, TimeSpan.FromSeconds(10));

        for (var index = 0; index < 1000; index++)
        {
            var key = ApiKey.Create(index % 2 == 0 ? ApiKey.Live : ApiKey.Test, ApiKey.CreateId());

            Assert.Equal(key, scanner.Match($"curl -H \"x-api-key: {key}\" http://127.0.0.1").Value);
            Assert.Equal(key, scanner.Match($"KEY={key}\nNEXT=1").Value);
            Assert.DoesNotMatch(scanner, key[..^1]);
            Assert.DoesNotMatch(scanner, key + "0");
            Assert.DoesNotMatch(scanner, "x" + key);
            Assert.DoesNotMatch(scanner, key.ToUpperInvariant());
        }
    }

    [Fact]
    public async Task Page_StoreOfTheirOwn_IsTheOneThatIsCompiledHere()
    {
        var source = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "tests", "SecureInference.IntegrationTests", "Keys", "DatabaseKeyStore.cs"), TestContext.Current.CancellationToken);
        var shown = source[source.IndexOf("internal sealed class", StringComparison.Ordinal)..].TrimEnd();

        Assert.Contains($"```csharp\n{shown}\n```", Page, StringComparison.Ordinal);
    }
}
