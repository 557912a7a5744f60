namespace SecureInference.Tests.Models;

/// <summary>A change of the files is enough.</summary>
public sealed class CatalogFollowTests
{
    private const string File = "model.onnx";

    [Fact]
    public async Task Follow_FileReplaced_IsLoaded()
    {
        await using var sut = await OneFile().StartAsync();

        sut.Write(File, "5");

        await sut.PassAsync(() => sut.Model.Metadata.Inputs[0].Shape[1] == 5);
        Assert.Equal(2, sut.Loader.Asked);
    }

    [Fact]
    public async Task Follow_FileTouchedLongBeforeTheNextPoll_IsLoadedBecauseItIsWatched()
    {
        await using var sut = OneFile();
        sut.Options.PollInterval = TimeSpan.FromHours(1);
        await sut.StartAsync();
        var start = sut.Time.GetUtcNow();

        sut.Write(File, "5");

        await sut.PassAsync(() => sut.Model.Metadata.Inputs[0].Shape[1] == 5);
        Assert.True(sut.Time.GetUtcNow() - start < TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Follow_NewFolder_IsLoaded()
    {
        await using var sut = await new CatalogHarness().Write("m/1/model.onnx", "4").StartAsync();

        sut.Write("m/2/model.onnx", "4");

        await sut.PassAsync(() => sut.Model.Metadata.Version == "2");
    }

    [Theory]
    [InlineData("mount/model.onnx", "mount/..data", "mount/model.onnx", "..data/model.onnx")]
    [InlineData("mount/m", "mount/..data", "mount/m", "..data/m")]
    [InlineData("current/model.onnx", "current", null, null)]
    public async Task Follow_LinkIsSwapped_IsLoaded(string path, string link, string? second, string? target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        await using var sut = new CatalogHarness(path);
        foreach (var (folder, width) in new[] { ("mount/..v1", "4"), ("mount/..v2", "5") })
        {
            sut.Write($"{folder}/model.onnx", width).Write($"{folder}/m/1/model.onnx", width);
        }

        Directory.CreateSymbolicLink(sut.File(link), sut.File("mount/..v1"));
        if (second is not null)
        {
            System.IO.File.CreateSymbolicLink(sut.File(second), target!);
        }

        await sut.StartAsync();

        System.IO.File.Delete(sut.File(link));
        Directory.CreateSymbolicLink(sut.File(link), sut.File("mount/..v2"));

        await sut.PassAsync(() => sut.Model.Metadata.Inputs[0].Shape[1] == 5);
    }

    [Fact]
    public async Task Follow_FileThatGrows_IsLoadedOnceItLiesStill()
    {
        await using var sut = await OneFile().StartAsync();

        for (var part = 0; part < 20; part++)
        {
            await System.IO.File.AppendAllTextAsync(sut.File(File), " half", TestContext.Current.CancellationToken);

            // Several looks at each of its states, and none of them for a second.
            sut.Time.Advance(TimeSpan.FromMilliseconds(450));
            sut.Time.Advance(TimeSpan.FromMilliseconds(450));
        }

        Assert.Equal(1, sut.Loader.Asked);
        await System.IO.File.WriteAllTextAsync(sut.File(File), "5", TestContext.Current.CancellationToken);
        await sut.PassAsync(() => sut.Model.Metadata.Inputs[0].Shape[1] == 5);
        Assert.Equal((2, 0), (sut.Loader.Asked, sut.Errors));
    }

    [Fact]
    public async Task Follow_BrokenFile_IsTriedLessAndLessOftenAndSaidOnce()
    {
        await using var sut = await OneFile().StartAsync();
        sut.Write(File, "broken");

        await sut.PassAsync(() => sut.Errors == 1);
        for (var poll = 0; poll < 64; poll++)
        {
            sut.Time.Advance(sut.Options.PollInterval);

            // Long enough for a load that should not be, so that the next poll begins another.
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        Assert.InRange(sut.Loader.Asked, 3, 12);
        Assert.Equal(1, sut.Errors);
        sut.Write(File, "5");
        await sut.PassAsync(() => sut.Model.Metadata.Inputs[0].Shape[1] == 5);
        Assert.Null(sut.Readiness.FindDegradation());
    }

    [Fact]
    public async Task Follow_NothingChanges_LoadsNothing()
    {
        await using var sut = await OneFile().StartAsync();

        for (var poll = 0; poll < 100; poll++)
        {
            sut.Time.Advance(sut.Options.PollInterval);
        }

        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        Assert.Equal(2, sut.Loader.Asked);
    }

    [Fact]
    public async Task Follow_SwitchedOff_OnlyACallLoads()
    {
        await using var sut = OneFile();
        sut.Options.PollInterval = TimeSpan.Zero;
        await sut.StartAsync();
        sut.Write(File, "5");

        for (var minute = 0; minute < 100; minute++)
        {
            sut.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(4, sut.Model.Metadata.Inputs[0].Shape[1]);
        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        Assert.Equal(5, sut.Model.Metadata.Inputs[0].Shape[1]);
        Assert.Equal(2, sut.Loader.Asked);
    }

    private static CatalogHarness OneFile() => new CatalogHarness(File).Write(File, "4");
}
