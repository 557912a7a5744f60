using System.Globalization;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Packages;

/// <summary>The packages as a stranger uses them: an empty web app outside the checkout, two packages, and three lines.</summary>
public sealed class ConsumerTests
{
    private const string Program =
        """
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSecureInference().AddOnnxModel("digits", "models/digits.onnx");

        var app = builder.Build();
        app.UseSecureInference();
        app.MapSecureInference();
        app.Run();
        """;

    [Fact]
    public async Task Packages_EmptyWebAppAndThreeLines_ServeADigit()
    {
        using var folder = new TestFolder();
        AssertNothingIsInherited(folder.Path);
        var version = await PackAsync(folder);

        var consumer = await BuildConsumerAsync(folder, version);

        using var app = new ConsumerApp(consumer, "dotnet", Path.Combine(consumer, "bin", "Debug", "net10.0", "Consumer.dll"));
        await ServedDigit.RequireAsync(app);
    }

    /// <summary>Packs into a folder of the test's own; what was built here stays as it is.</summary>
    private static async Task<string> PackAsync(TestFolder folder)
    {
        var suffix = "test" + TimeProvider.System.GetUtcNow().Ticks.ToString(CultureInfo.InvariantCulture);
        var dotnet = new DotNet(Checkout.Root, folder.File("build-packages"));
        foreach (var project in new[] { "SecureInference", "SecureInference.Onnx" })
        {
            await dotnet.RunAsync(
                "pack", Path.Combine("src", project), "-o", folder.File("feed"), "--artifacts-path", folder.File("artifacts"),
                $"-p:VersionSuffix={suffix}", "-v", "minimal");
        }

        var package = Assert.Single(Directory.GetFiles(folder.File("feed"), "SecureInference.Onnx.*.nupkg"));
        Assert.EndsWith($"-{suffix}.nupkg", package, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.File("feed"), "*.snupkg").Length);
        return Path.GetFileNameWithoutExtension(package)["SecureInference.Onnx.".Length..];
    }

    private static async Task<string> BuildConsumerAsync(TestFolder folder, string version)
    {
        var consumer = Directory.CreateDirectory(folder.File("Consumer")).FullName;
        var dotnet = new DotNet(consumer, folder.File("consumer-packages"));
        await dotnet.RunAsync("new", "web", "--name", "Consumer", "--output", ".", "--framework", "net10.0", "--no-restore");

        // One more source beside the usual ones.
        await File.WriteAllTextAsync(
            Path.Combine(consumer, "nuget.config"),
            $"""<configuration><packageSources><add key="packed here" value="{folder.File("feed")}" /></packageSources></configuration>""",
            TestContext.Current.CancellationToken);
        await dotnet.RunAsync("add", "package", "SecureInference.Onnx", "--version", version);
        await dotnet.RunAsync("add", "package", "Microsoft.ML.OnnxRuntime", "--version", typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version!.ToString(3));
        await File.WriteAllTextAsync(Path.Combine(consumer, "Program.cs"), Program, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(consumer, "models"));
        File.Copy(Path.Combine(Checkout.Sample("Digits"), "models", "digits.onnx"), Path.Combine(consumer, "models", "digits.onnx"));

        var output = await dotnet.RunAsync("build", "--no-incremental", "-tl:off", "-v", "minimal");
        Assert.DoesNotContain("warning", output.Replace("0 Warning(s)", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        return consumer;
    }

    private static void AssertNothingIsInherited(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            Assert.Empty(folder.GetFiles("Directory.*.props"));
        }
    }
}
