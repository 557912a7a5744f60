using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>A power cut at any operation: every start recovers, the log verifies, and nothing that was confirmed is lost.</summary>
public sealed class LogCrashTests
{
    private const int Logs = 50;
    private const int CutsPerLog = 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_AfterThousandPowerCuts_NothingConfirmedOrSignedIsLost(bool syncsEachCommit)
    {
        for (var seed = 0UL; seed < Logs; seed++)
        {
            var dice = new Dice(seed + (syncsEachCommit ? 0UL : 1_000_000));
            var folder = new MemoryFolder();
            var life = new Life(syncsEachCommit);
            for (var cut = 0; cut < CutsPerLog; cut++)
            {
                folder = life.RunUntilPowerCut(folder, dice);
            }

            life.Check(folder, $"seed {seed}");
        }
    }

    /// <summary>What somebody outside knows of a log over all its starts.</summary>
    private sealed class Life(bool syncsEachCommit)
    {
        private readonly LogSettings _settings = new() { CheckpointRecords = 5, SegmentBytes = 1500, SyncsEachCommit = syncsEachCommit };
        private long _confirmed;
        private Checkpoint? _signed;

        public MemoryFolder RunUntilPowerCut(MemoryFolder folder, Dice dice)
        {
            folder.OperationsLeft = dice.Next(120);
            LogStore? store = null;
            try
            {
                store = SmallLog.Open(folder, _settings, time: new FakeTimeProvider());
                AssertNothingLost(store.Recovery.Size);
                while (true)
                {
                    Write(store, dice);
                }
            }
            catch (PowerCutException)
            {
                Note(store);
                return folder.AfterPowerCut(dice);
            }
        }

        public void Check(MemoryFolder folder, string seed)
        {
            using (var store = SmallLog.Open(folder, _settings))
            {
                AssertNothingLost(store.Recovery.Size);
                SmallLog.Append(store, 3);
            }

            var verification = SmallLog.Verify(folder, _signed is null ? [] : [_signed]);
            Assert.True(verification.Failure is null, $"{seed}: {verification.Failure}");
            Assert.Equal(verification.Size, verification.SignedSize);
            Assert.All(SmallLog.Records(folder), static (record, index) => Assert.Equal(SmallLog.Record(index), record));
        }

        private static void Write(LogStore store, Dice dice)
        {
            // The tree's size is not shown: what is appended is committed at once.
            var first = store.Append(SmallLog.Record(store.NextSequence));
            for (var count = dice.Next(6); count > 0; count--)
            {
                store.Append(SmallLog.Record(++first));
            }

            store.Commit();
        }

        private void Note(LogStore? store)
        {
            if (store is not null)
            {
                _confirmed = Math.Max(_confirmed, store.CommittedSize);
                _signed = store.LastCheckpoint?.Checkpoint ?? _signed;
            }
        }

        private void AssertNothingLost(long size)
        {
            Assert.True(size >= _confirmed, $"{size} of {_confirmed} confirmed records are left.");
            Assert.True(size >= (_signed?.Size ?? 0), "A signed record is lost.");
        }
    }
}
