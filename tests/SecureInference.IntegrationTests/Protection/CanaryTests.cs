using System.Diagnostics;
using System.Globalization;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Protection;

/// <summary>The sample Digits, as it is started in production, that has its model tried by another process of its own program.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string Passed = "Model digits was loaded and run once by a process of its own";

    private readonly TestFolder _folder = new();
    private readonly DigitsSample _sample = new();

    public CanaryTests()
    {
        _sample.Settings["Models:digits:Canary"] = "true";
        _sample.Settings["Models:digits:Path"] = ModelPath;
        _sample.Settings["Models:digits:PollInterval"] = "00:00:00.1";
    }

    private string ModelPath => _folder.File("digits.onnx");

    public ValueTask InitializeAsync()
    {
        File.Copy(Path.Combine(Checkout.Sample("Digits"), "models", "digits.onnx"), ModelPath);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _sample.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_GoodModel_IsTriedOnceAndServed()
    {
        await _sample.InitializeAsync();

        using var answer = await _sample.Client.GetAsync("/v2/models/digits/ready", TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(2, _sample.Process.Output.Split(Passed).Length);
    }

    [Fact]
    public async Task Reload_ModelThatEndsItsProcess_LeavesTheServerAndItsModelServing()
    {
        _sample.Settings["Models:digits:Admission:Policy"] = "Off";
        await _sample.InitializeAsync();

        await File.WriteAllBytesAsync(ModelPath + ".new", OnnxModels.FunctionChain(20_000), TestContext.Current.CancellationToken);
        File.Move(ModelPath + ".new", ModelPath, overwrite: true);
        await Eventually.IsTrueAsync(() => _sample.Process.HasExited || _sample.Process.Output.Contains("ended the process that tried it first", StringComparison.Ordinal), "the refusal");

        Assert.False(_sample.Process.HasExited, _sample.Process.Output);
        using var answer = await _sample.Client.GetAsync("/v2/models/digits/ready", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Killed_WhileAModelIsTried_LeavesNoProcessBehind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux shows which process has started which.");
        await File.WriteAllBytesAsync(ModelPath, OnnxModels.Slow(1_000_000_000, 64), TestContext.Current.CancellationToken);
        var mark = $"--mark={Guid.NewGuid():N}";
        var settings = new Dictionary<string, string>(_sample.Settings)
        {
            ["ApiKeys:Store"] = _sample.StorePath,
            ["Audit:Directory"] = _sample.AuditFolder,
            ["Models:digits:Admission:Policy"] = "Off",
            ["Models:digits:CanaryTimeout"] = "01:00:00",
        };
        var run = SampleProcess.RunToEndAsync("Digits", "Production", settings, mark);
        var (server, trial) = (0, 0);
        await Eventually.IsTrueAsync(
            () => run.IsCompleted || ((server = Find(id => Read(id, "cmdline").Contains(mark, StringComparison.Ordinal))) != 0 && (trial = Find(id => ParentOf(id) == server)) != 0), "the trial begins");

        using (var process = Process.GetProcessById(server))
        {
            process.Kill();
        }

        await run;
        // Whoever inherits it may leave a zombie, which is none any more.
        await Eventually.IsTrueAsync(() => FieldsOf(trial) is [] or ["Z", ..], "the trial ends");
    }

    private static int Find(Predicate<int> predicate) => Directory.GetDirectories("/proc").Select(static folder => Path.GetFileName(folder))
        .Where(static name => name.All(char.IsAsciiDigit)).Select(static name => int.Parse(name, CultureInfo.InvariantCulture)).FirstOrDefault(id => predicate(id));

    private static int ParentOf(int id) => FieldsOf(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    // The state and the parent come first behind the name, which is in parentheses and may hold anything.
    private static string[] FieldsOf(int id) => Read(id, "stat") is { Length: > 0 } line ? line.Split(") ")[^1].Split(' ') : [];

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
