using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Models;

/// <summary>Which versions of a folder serve.</summary>
public sealed class CatalogVersionsTests
{
    [Fact]
    public async Task Start_NoVersionsNamed_TheHighestServesAlone()
    {
        await using var sut = await Three().StartAsync();

        Assert.Equal("3", sut.Model.Metadata.Version);
        Assert.Equal([false, false, true], Serves(sut, "1", "2", "3"));
        Assert.Single(sut.Loader.Loaded);
    }

    [Fact]
    public async Task Start_All_ServesAllAndTheHighestByItsName()
    {
        await using var sut = await Three("all").StartAsync();

        Assert.Equal("3", sut.Model.Metadata.Version);
        Assert.Equal([true, true, true], Serves(sut, "1", "2", "3"));
        Assert.Equal(["1", "2", "3"], VersionsOf(sut.Model));
    }

    [Fact]
    public async Task Start_VersionsNamed_ServesThose()
    {
        await using var sut = await Three("2", "1").StartAsync();

        Assert.Equal("2", sut.Model.Metadata.Version);
        Assert.Equal([true, true, false], Serves(sut, "1", "2", "3"));
        Assert.Equal(["1", "2"], VersionsOf(sut.Model));
    }

    [Fact]
    public async Task Run_EachVersion_RunsItsOwnFileAndKnowsItsNumber()
    {
        await using var sut = await Three("all").StartAsync();

        foreach (var version in new[] { "1", "2", "3" })
        {
            Assert.True(sut.Catalog.TryGet("m", version, out var runner));
            Assert.Equal(version, runner.Metadata.Version);
            Assert.Equal(Width(version), runner.Metadata.Inputs[0].Shape[1]);
            await CatalogHarness.RunAsync(runner, Width(version));
        }
    }

    [Theory]
    [InlineData("01")]
    [InlineData("latest")]
    [InlineData("")]
    public async Task TryGet_OtherSpellings_FindNothing(string version)
    {
        await using var sut = await Three("all").StartAsync();

        Assert.False(sut.Catalog.TryGet("m", version, out _));
    }

    [Fact]
    public async Task Start_HighestIsBroken_ServesTheOneBelowAndSaysSo()
    {
        await using var sut = await Three().Write("m/4/model.onnx", "broken").StartAsync();

        Assert.Equal("3", sut.Model.Metadata.Version);
        Assert.Contains("holds broken", Assert.Single(sut.Log.Entries, static entry => entry.EventId == 1304).Message, StringComparison.Ordinal);
        Assert.NotNull(sut.Readiness.FindDegradation());
        Assert.Null(sut.Readiness.Find());
    }

    [Theory]
    [InlineData("4", "holds broken")]
    [InlineData("5", "Models:m:Versions names 5")]
    public async Task Start_VersionThatIsNamedDoesNotLoad_StopsTheStart(string version, string problem)
    {
        await using var sut = Three("1", version).Write("m/4/model.onnx", "broken");

        var exception = await Assert.ThrowsAsync<ModelLoadException>(sut.StartAsync);

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoneLoads_StopsTheStart()
    {
        await using var sut = new CatalogHarness().Write("m/1/model.onnx", "broken").Write("m/2/model.onnx", "torn");

        var exception = await Assert.ThrowsAsync<ModelLoadException>(sut.StartAsync);

        Assert.Contains("holds torn", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OneOfManyIsBroken_IsReported()
    {
        await using var sut = Three("all").Write("m/4/model.onnx", "broken");

        var problem = Assert.Single(await sut.Catalog.CheckAsync(TestContext.Current.CancellationToken));

        Assert.Contains("holds broken", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_HigherFolder_TakesThePlaceAndTheOldOneIsFreed()
    {
        await using var sut = await Three().StartAsync();
        var kept = sut.Model;
        sut.Write("m/10/model.onnx", "4");

        var reload = await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal((ModelReloadOutcome.Reloaded, "10"), (reload.Outcome, Assert.Single(reload.Versions)));
        Assert.Equal("10", kept.Metadata.Version);
        Assert.False(sut.Catalog.TryGet("m", "3", out _));
        await Eventually.TrueAsync(() => sut.Loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reload_FolderTakenAway_GoesBackToTheOneBelow()
    {
        await using var sut = await Three().StartAsync();
        Directory.Delete(sut.File("m/3"), recursive: true);

        var reload = await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal((ModelReloadOutcome.Reloaded, "2"), (reload.Outcome, Assert.Single(reload.Versions)));
    }

    [Fact]
    public async Task Reload_AllAndOneBreaks_TheOthersAreNewAndItStaysOld()
    {
        await using var sut = await Three("all").StartAsync();
        sut.Write("m/2/model.onnx", "broken");

        var reload = await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal(ModelReloadOutcome.Failed, reload.Outcome);
        Assert.Contains("holds broken", reload.Problem, StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], reload.Versions);
        foreach (var (version, isNew) in new[] { ("1", true), ("2", false), ("3", true) })
        {
            Assert.True(sut.Catalog.TryGet("m", version, out var runner));
            Assert.Equal(isNew, await CatalogHarness.RunAsync(runner, Width(version)) > 3);
        }
    }

    [Fact]
    public async Task Handle_OfAVersionThatIsGone_IsRefusedAndKnowsWhatItWas()
    {
        await using var sut = await Three().StartAsync();
        Assert.True(sut.Catalog.TryGet("m", "3", out var third));
        sut.Write("m/4/model.onnx", "4");
        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        using var request = CatalogHarness.Request();

        using var response = await third.RunAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(InferenceErrorCode.ModelNotFound, response.Error?.Code);
        Assert.Equal("3", third.Metadata.Version);
    }

    private static CatalogHarness Three(params string[] versions) =>
        new CatalogHarness("m", versions).Write("m/1/model.onnx", "2").Write("m/2/model.onnx", "3").Write("m/3/model.onnx", "4");

    private static int Width(string version) => version[0] - '0' + 1;

    private static bool[] Serves(CatalogHarness sut, params string[] versions) => [.. versions.Select(version => sut.Catalog.TryGet("m", version, out _))];

    private static IReadOnlyList<string> VersionsOf(IModelRunner runner)
    {
        Assert.Null(ModelLease.TryTake(runner, out var lease));
        using (lease)
        {
            return lease.Versions;
        }
    }
}
