using System.Text.Json;

namespace SecureInference.Tool.Tests.Models;

public sealed class ScanModelCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scan_CleanModel_Exits0AndSaysSo(bool isPlain)
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Of("Relu"));

        var answer = await tool.RunAsync(tool.Time, 80, isPlain, "model", "scan", path);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("Clean under the policy Strict", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scan_Bomb_Exits1AndSaysRulePlaceAndRemedy(bool isPlain)
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Bomb());

        var answer = await tool.RunAsync(tool.Time, 80, isPlain, "model", "scan", path);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("ONNX-H1", answer.Output, StringComparison.Ordinal);
        Assert.Contains("graph / node 0 (ConstantOfShape)", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Raise MaxConstantBytes", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Of("Nothing"));

        var answer = await tool.RunAsync("model", "scan", path, "--json");

        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal(["file", "policy", "refused", "findings", "hasMore"], json.RootElement.EnumerateObject().Select(static member => member.Name));
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(["rule", "refused", "place", "what", "remedy"], finding.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("ONNX-C2", finding.GetProperty("rule").GetString());
        Assert.Equal(1, answer.ExitCode);
    }

    [Fact]
    public async Task Scan_Sarif_NamesRuleLevelAndPlace()
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Of("Nothing"));

        var answer = await tool.RunAsync("model", "scan", path, "--sarif");

        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var run = Assert.Single(json.RootElement.GetProperty("runs").EnumerateArray());
        var result = Assert.Single(run.GetProperty("results").EnumerateArray());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(static rule => rule.GetProperty("id").GetString());
        Assert.Contains(result.GetProperty("ruleId").GetString(), rules);
        Assert.Equal("error", result.GetProperty("level").GetString());
        Assert.Equal("graph / node 0 (Nothing)", result.GetProperty("locations")[0].GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString());
        Assert.EndsWith("model.onnx", result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_HostileNames_StayText()
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Of("\e[2JNothing", "\u202Ex", "see https://evil.example/\e[31m"));

        foreach (var form in (string[][])[[], ["--json"], ["--sarif"]])
        {
            var answer = await tool.RunAsync(["model", "scan", path, .. form]);

            Assert.Equal(1, answer.ExitCode);
            Assert.DoesNotContain('\e', answer.Output);
            Assert.DoesNotContain('\u202E', answer.Output);
        }
    }

    [Fact]
    public async Task Scan_SwitchesThatTheRefusalNames_MakeItClean()
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Of("Nothing"));

        var answer = await tool.RunAsync("model", "scan", path, "--allow-operator", "ai.onnx:Nothing");

        Assert.Equal(0, answer.ExitCode);
    }

    [Theory]
    [InlineData("--policy", "loose")]
    [InlineData("--disable", "ONNX-B2")]
    [InlineData("--disable", "ONNX-Z9")]
    [InlineData("--allow-operator", "Gelu")]
    [InlineData("--json", "--sarif")]
    public async Task Scan_WrongUsage_Exits2(params string[] more)
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, SmallModel.Of("Relu"));

        var answer = await tool.RunAsync(["model", "scan", path, .. more]);

        Assert.Equal(2, answer.ExitCode);
        Assert.NotEmpty(answer.Error);
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("inspect")]
    public async Task Model_MissingFileOrFolder_Exits3(string command)
    {
        using var tool = new ToolFixture();

        var missing = await tool.RunAsync("model", command, Path.Combine(tool.Folder, "gone.onnx"));
        var folder = await tool.RunAsync("model", command, tool.Folder);

        Assert.Equal((3, 3), (missing.ExitCode, folder.ExitCode));
        Assert.Contains("does not exist", missing.Error, StringComparison.Ordinal);
        Assert.Contains("is a folder", folder.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("inspect")]
    public async Task Model_EncryptedFile_Exits1AndSaysSo(string command)
    {
        using var tool = new ToolFixture();
        var path = await WriteAsync(tool, "age-encryption.org/v1\n-> X25519 "u8.ToArray());

        var answer = await tool.RunAsync("model", command, path);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("is encrypted by age", answer.Error, StringComparison.Ordinal);
    }

    internal static async Task<string> WriteAsync(ToolFixture tool, byte[] file)
    {
        var path = Path.Combine(tool.Folder, "model.onnx");
        await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
        return path;
    }
}
