using SecureInference.Onnx.Canary;

namespace SecureInference.Onnx.Tests.Canary;

[Collection(TrialCollection.Name)]
public sealed class CanaryProgramTests
{
    [Fact]
    public void Find_ThisProcess_IsItsOwnProgram()
    {
        var program = CanaryProgram.Find(out _);

        Assert.Equal(Environment.ProcessPath, program?.File);
    }

    [Theory]
    [InlineData("/app/My.App", "/app/My.App.dll", "My.App")]
    [InlineData("/app/My.App.exe", "/app/My.App.dll", "My.App")]
    [InlineData("/app/my.app.EXE", "/app/my.app.EXE", "My.App")]
    public void Find_ProgramOfTheApp_IsStartedWithoutArguments(string process, string assembly, string entry)
    {
        var program = CanaryProgram.Find(process, assembly, entry, out _);

        Assert.Equal(process, program?.File);
        Assert.Empty(program!.Arguments);
    }

    [Fact]
    public void Find_DotNet_IsStartedWithTheAssembly()
    {
        var program = CanaryProgram.Find("/usr/share/dotnet/dotnet", "/app/My.App.dll", "My.App", out _);

        Assert.Equal("/usr/share/dotnet/dotnet", program?.File);
        Assert.Equal(["/app/My.App.dll"], program!.Arguments);
    }

    [Theory]
    [InlineData(null, "/app/My.App.dll", "My.App")]
    [InlineData("/windows/w3wp.exe", "/windows/w3wp.exe", "My.App")]
    [InlineData("/usr/share/dotnet/dotnet", "/usr/share/dotnet/dotnet", "My.App")]
    [InlineData("/app/My.App", "/app/My.App.dll", null)]
    public void Find_AnotherProgram_SaysWhatToDo(string? process, string? assembly, string? entry)
    {
        var program = CanaryProgram.Find(process, assembly, entry, out var obstacle);

        Assert.Null(program);
        Assert.Contains("Start the app by its own program", obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_HooksAreSwitchedOff_SaysWhatToWrite()
    {
        const string Switch = "System.StartupHookProvider.IsSupported";
        AppContext.SetSwitch(Switch, false);
        try
        {
            Assert.Null(CanaryProgram.Find(out var obstacle));
            Assert.Contains("Set StartupHookSupport to true", obstacle, StringComparison.Ordinal);
        }
        finally
        {
            AppContext.SetSwitch(Switch, true);
        }
    }
}
