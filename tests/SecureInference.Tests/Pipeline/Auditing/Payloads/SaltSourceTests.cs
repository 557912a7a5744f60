using SecureInference.Pipeline.Auditing.Payloads;

namespace SecureInference.Tests.Pipeline.Auditing.Payloads;

public sealed class SaltSourceTests
{
    [Fact]
    public async Task Draw_ManyOnManyThreads_AreAllDifferent()
    {
        const int Threads = 4;
        const int Each = 1_000;

        var salts = await Task.WhenAll(Enumerable.Range(0, Threads).Select(static _ => Task.Factory.StartNew(
            static () => Enumerable.Range(0, Each).Select(static _ =>
            {
                var salt = new byte[PayloadEntry.SaltBytes];
                SaltSource.Draw(salt);
                return Convert.ToHexString(salt);
            }).ToArray(),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var all = salts.SelectMany(static salt => salt).ToHashSet();
        Assert.Equal(Threads * Each, all.Count);
        Assert.DoesNotContain(all, static salt => salt.EndsWith(new string('0', PayloadEntry.SaltBytes), StringComparison.Ordinal));
    }
}
