using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Load;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Packages;

/// <summary>The sample without .NET beside it: what a linker takes away, nothing may need.</summary>
[Collection(AloneCollection.Name)]
public sealed class PublishedTests
{
    private const string Runtime = "linux-x64";

    [Theory]
    [InlineData("PublishTrimmed")]
    [InlineData("PublishAot")]
    public async Task Publish_Digits_ServesWithoutDotNet(string how)
    {
        Assert.SkipUnless(Soak.IsAsked, "Publishing takes minutes: ./test.sh --soak does.");
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, $"It is published for {Runtime}.");
        Assert.SkipUnless(how != "PublishAot" || new[] { "clang", "gcc" }.Any(IsInstalled), "Native AOT needs clang or gcc.");
        using var folder = new TestFolder();
        var dotnet = new DotNet(Checkout.Root, folder.File("packages"));

        var output = await dotnet.RunAsync(
            "publish", Checkout.Sample("Digits"), "-c", "Release", "-r", Runtime, "--self-contained", $"-p:{how}=true", "-o", folder.File("out"), "--artifacts-path", folder.File("artifacts"), "-v", "minimal");

        Assert.DoesNotContain("warning IL", output, StringComparison.Ordinal);
        using var app = new ConsumerApp(folder.File("out"), folder.File(Path.Combine("out", "Digits")));
        await ServedDigit.RequireAsync(app);
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(path => File.Exists(Path.Combine(path, program))) == true;
}
