using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Real models take each other's place while they are asked.</summary>
[Collection(AloneCollection.Name)]
public sealed class ModelReloadTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    /// <summary>In floats: a file of 32 MB, so that one that is not freed is seen.</summary>
    private const int Weights = 2_000_000;

    [Fact]
    public async Task Reload_UnderLoad_NoRequestFailsAndMemoryComesBack()
    {
        var reloads = Soak.Times(5, 100);
        var weights = Soak.IsAsked ? Weights : 1;
        await using var sut = new ReloadedModel();
        await sut.StartAsync(ReloadedModel.Build(0, weights), Clients);
        var afterTenth = 0L;

        for (var reload = 1; reload <= reloads; reload++)
        {
            await sut.UntilAnsweredAsync(reload - 1);
            sut.Write(ReloadedModel.Build(reload, weights));
            Assert.Equal(ModelReloadOutcome.Reloaded, (await sut.ReloadAsync()).Outcome);
            if (Soak.IsAsked && reload == 10)
            {
                await sut.UntilAnsweredAsync(reload);
                afterTenth = Resident();
            }
        }

        await sut.UntilAnsweredAsync(reloads);
        await sut.StopAsync();
        Assert.Equal(reloads + 1, sut.Answers.Count);
        if (Soak.IsAsked)
        {
            output.WriteLine($"{sut.Answers.Values.Sum()} answers; {afterTenth >> 20} MiB resident after the tenth reload, {Resident() >> 20} after the last.");
            await Eventually.IsTrueAsync(() => Resident() <= afterTenth * 11 / 10, "the memory of the versions that were replaced is given back");
        }
    }

    [Fact]
    public async Task Reload_BrokenAndTruncatedFiles_LeaveTheOldOneServing()
    {
        await using var sut = new ReloadedModel();
        var whole = ReloadedModel.Build(2);
        await sut.StartAsync(ReloadedModel.Build(1), Clients);
        foreach (var broken in new[] { whole[..(whole.Length / 2)], whole[..^1], "no model at all"u8.ToArray(), [] })
        {
            sut.Write(broken);
            var reload = await sut.ReloadAsync();
            Assert.Equal((ModelReloadOutcome.Failed, "1"), (reload.Outcome, Assert.Single(reload.Versions)));
        }

        File.Delete(sut.Path);
        Assert.Equal(ModelReloadOutcome.Failed, (await sut.ReloadAsync()).Outcome);
        await sut.UntilAnsweredAsync(1);
        sut.Write(whole);
        Assert.Equal(ModelReloadOutcome.Reloaded, (await sut.ReloadAsync()).Outcome);

        await sut.UntilAnsweredAsync(2);
        await sut.StopAsync();
        Assert.Equal([1f, 2f], sut.Answers.Keys.Order());
    }

    [Fact]
    public async Task Follow_FileReplaced_IsServedWithoutBeingAskedTo()
    {
        await using var sut = new ReloadedModel();
        await sut.StartAsync(ReloadedModel.Build(1), Clients, static options => options.PollInterval = TimeSpan.FromMilliseconds(100));
        await sut.UntilAnsweredAsync(1);

        sut.Write(ReloadedModel.Build(2));

        await sut.UntilAnsweredAsync(2);
        await sut.StopAsync();
    }

    // Without what the test itself has left lying about: each file was made in this process.
    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
