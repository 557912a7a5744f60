using System.Text.Json;

namespace SecureInference.Tool.Tests.Models;

public sealed class InspectModelCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inspect_Model_ShowsWhatAPersonWantsToKnow(bool isPlain)
    {
        using var tool = new ToolFixture();
        var path = await ScanModelCommandTests.WriteAsync(tool, SmallModel.Of("Relu"));

        var answer = await tool.RunAsync(tool.Time, 120, isPlain, "model", "inspect", path);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        foreach (var shown in new[] { "x  Float [batch, 4]", "y  Float [batch, 4]", "ai.onnx 17", "Relu × 1", "with 32 rows", "format 8" })
        {
            Assert.Contains(shown, answer.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Inspect_Json_HasExactlyTheseMembers()
    {
        using var tool = new ToolFixture();
        var path = await ScanModelCommandTests.WriteAsync(tool, SmallModel.Of("Relu"));

        var answer = await tool.RunAsync("model", "inspect", path, "--json");

        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal(
            ["bytes", "sha256", "formatVersion", "producer", "inputs", "outputs", "operatorSets", "operators", "nodes", "functions", "parameters", "parameterBytes", "runRows", "runBytes", "runFlops"],
            json.RootElement.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(32 * 4 * 4, json.RootElement.GetProperty("runBytes").GetInt64());
        Assert.Equal("batch", json.RootElement.GetProperty("inputs")[0].GetProperty("shape")[0].GetString());
    }

    [Fact]
    public async Task Inspect_NoModel_Exits1AndSaysWhy()
    {
        using var tool = new ToolFixture();
        var path = await ScanModelCommandTests.WriteAsync(tool, "PK\u0003\u0004 and so on"u8.ToArray());

        var answer = await tool.RunAsync("model", "inspect", path);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("a zip archive", answer.Error, StringComparison.Ordinal);
    }
}
