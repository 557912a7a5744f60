using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Models;

/// <summary>One version takes another's place.</summary>
public sealed class CatalogReloadTests
{
    private const string File = "model.onnx";

    [Fact]
    public async Task Reload_ByCall_LoadsAnewAndFreesTheOld()
    {
        await using var sut = await OneFile().StartAsync();
        var kept = sut.Model;

        var reload = await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal((ModelReloadOutcome.Reloaded, "1", null), (reload.Outcome, Assert.Single(reload.Versions), reload.Problem));
        Assert.Equal(2, await CatalogHarness.RunAsync(kept));
        await Eventually.TrueAsync(() => sut.Loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
        Assert.Equal(0, sut.Loader.Loaded.Last().Disposals);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("M")]
    public async Task Reload_UnknownName_IsSaid(string name)
    {
        await using var sut = await OneFile().StartAsync();

        Assert.Equal(ModelReloadOutcome.Unknown, (await sut.Catalog.ReloadAsync(name, TestContext.Current.CancellationToken)).Outcome);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Reload_FileThatDoesNotLoad_TheOldOneGoesOn(string? text)
    {
        await using var sut = await OneFile().StartAsync();
        Spoil(sut, text);

        var reload = await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal((ModelReloadOutcome.Failed, "1"), (reload.Outcome, Assert.Single(reload.Versions)));
        Assert.NotNull(reload.Problem);
        Assert.Equal(1, await CatalogHarness.RunAsync(sut.Model));
        Assert.Equal(0, Assert.Single(sut.Loader.Loaded).Disposals);
    }

    [Fact]
    public async Task Reload_FailsAgainAndAgain_IsSaidOnceAndItsEndToo()
    {
        await using var sut = await OneFile().StartAsync();
        Spoil(sut, "broken");

        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        Assert.Equal(1, sut.Errors);
        Assert.NotNull(sut.Readiness.FindDegradation());
        sut.Write(File, "4");
        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal(1, sut.Errors);
        Assert.Single(sut.Log.Entries, static entry => entry.EventId == 1305);
        Assert.Null(sut.Readiness.FindDegradation());
    }

    [Fact]
    public async Task Degradation_IsForStrangersToo_AndNamesNeitherModelNorFile()
    {
        await using var sut = await OneFile().StartAsync();
        Spoil(sut, "broken");

        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal("A model could not be loaded as it should be; what was loaded before serves.", sut.Readiness.FindDegradation());
    }

    [Fact]
    public async Task Run_BeginsBeforeTheSwap_EndsWithItsVersionWhichIsFreedAfterwards()
    {
        var gate = new TaskCompletionSource();
        await using var sut = OneFile();
        sut.Loader.RunGate = gate.Task;
        await sut.StartAsync();
        sut.Loader.RunGate = Task.CompletedTask;
        var old = CatalogHarness.RunAsync(sut.Model);

        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        Assert.Equal(2, await CatalogHarness.RunAsync(sut.Model));
        Assert.Equal(0, sut.Loader.Loaded.First().Disposals);
        gate.SetResult();

        Assert.Equal(1, await old);
        await Eventually.TrueAsync(() => sut.Loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
        Assert.Equal(0, sut.Loader.Loaded.First().Wronged);
    }

    [Fact]
    public async Task Reload_TheOneBeforeIsStillInUse_WaitsSoThatThereAreNeverThree()
    {
        var gate = new TaskCompletionSource();
        await using var sut = OneFile();
        sut.Loader.RunGate = gate.Task;
        await sut.StartAsync();
        var first = CatalogHarness.RunAsync(sut.Model);
        await sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        var third = sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        Assert.Equal(2, sut.Loader.Asked);
        gate.SetResult();

        Assert.Equal(ModelReloadOutcome.Reloaded, (await third).Outcome);
        Assert.Equal(1, await first);
        Assert.Equal(2, sut.Loader.MostInMemory);
    }

    [Fact]
    public async Task Reload_ManyAskWhileOneGoesOn_ShareTheNext()
    {
        var gate = new TaskCompletionSource();
        await using var sut = await OneFile().StartAsync();
        sut.Loader.Gate = gate.Task;

        var reloads = new List<Task<ModelReload>> { sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken) };
        await Eventually.TrueAsync(() => sut.Loader.Asked == 2, TestContext.Current.CancellationToken);
        reloads.AddRange(Enumerable.Range(0, 20).Select(_ => sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken)));
        gate.SetResult();
        var outcomes = await Task.WhenAll(reloads);

        Assert.All(outcomes, static reload => Assert.Equal(ModelReloadOutcome.Reloaded, reload.Outcome));
        Assert.Equal((3, 1), (sut.Loader.Asked, sut.Loader.MostAtOnce));
    }

    [Fact]
    public async Task Reload_FileChangesWhileItIsRead_IsNotServedUntilItLiesStill()
    {
        var gate = new TaskCompletionSource();
        await using var sut = await OneFile().StartAsync();
        sut.Loader.Gate = gate.Task;
        var reload = sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => sut.Loader.Asked == 2, TestContext.Current.CancellationToken);

        sut.Write(File, "5");
        gate.SetResult();

        Assert.Contains("changed while it was read", (await reload).Problem, StringComparison.Ordinal);
        Assert.Equal(1, await CatalogHarness.RunAsync(sut.Model));
        Assert.Equal(1, sut.Loader.Loaded.Last().Disposals);
        await sut.PassAsync(() => sut.Model.Metadata.Inputs[0].Shape[1] == 5);
    }

    [Fact]
    public async Task Reload_WhoAskedGivesUp_GoesOn()
    {
        var gate = new TaskCompletionSource();
        await using var sut = await OneFile().StartAsync();
        sut.Loader.Gate = gate.Task;
        using var impatience = new CancellationTokenSource();
        var reload = sut.Catalog.ReloadAsync("m", impatience.Token);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reload);
        gate.SetResult();

        await Eventually.TrueAsync(() => sut.Loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Dispose_WhileAReloadGoesOn_FreesEverything()
    {
        var gate = new TaskCompletionSource();
        var sut = await OneFile().StartAsync();
        sut.Loader.Gate = gate.Task;
        var kept = sut.Model;
        var reload = sut.Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => sut.Loader.Asked == 2, TestContext.Current.CancellationToken);

        await sut.DisposeAsync();

        Assert.Equal(ModelReloadOutcome.Failed, (await reload).Outcome);
        Assert.All(sut.Loader.Loaded, static engine => Assert.Equal(1, engine.Disposals));
        using var request = CatalogHarness.Request();
        using var response = await kept.RunAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(InferenceErrorCode.Draining, response.Error?.Code);
    }

    [Fact]
    public async Task Lease_InTheSteadyState_AllocatesNothing()
    {
        await using var sut = await OneFile().StartAsync();
        var model = sut.Model;
        for (var warm = 0; warm < 1000; warm++)
        {
            Take(model);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 1000; turn++)
        {
            Take(model);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Take(IModelRunner model)
    {
        Assert.Null(ModelLease.TryTake(model, out var lease));
        lease.Dispose();
    }

    private static CatalogHarness OneFile() => new CatalogHarness(File).Write(File, "4");

    private static void Spoil(CatalogHarness sut, string? text)
    {
        if (text is null)
        {
            System.IO.File.Delete(sut.File(File));
        }
        else
        {
            sut.Write(File, text);
        }
    }
}
