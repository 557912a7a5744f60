using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

/// <summary>A closed log, and one byte of it changed: at every offset of every file.</summary>
public sealed class LogByteFlipTests
{
    [Fact]
    public void Verify_AnyByteOfAnyFileFlipped_IsFoundAndLocated()
    {
        var folder = MakeWithEverything(out var trusted);
        Assert.Null(new LogVerifier(folder, trusted).Verify().Failure);
        var names = folder.Names().Where(static name => name != LogNames.Lock).ToArray();
        Assert.Contains(LogNames.Anchor, names);
        Assert.Contains(names, LogNames.IsIntroduction);

        foreach (var name in names)
        {
            var original = folder[name];
            for (var offset = 0; offset < original.Length; offset++)
            {
                folder[name] = [.. original];
                folder[name][offset] ^= (byte)(1 << (offset % 8));
                var failure = new LogVerifier(folder, trusted).Verify().Failure;

                Assert.True(failure is not null, $"{name} at {offset}");
                AssertLocated(failure, name, offset);
            }

            folder[name] = original;
        }
    }

    private static void AssertLocated(LogFailure failure, string name, int offset)
    {
        if (!LogNames.TryParseSegment(name, out var segment))
        {
            return;
        }

        // The frame that the byte is in; a header's word on another segment may be found there.
        Assert.True(failure.Segment == segment.Number || failure.Kind is LogFailureKind.ForeignLog or LogFailureKind.UnknownKey, $"{name} at {offset}: {failure}");
        Assert.True(failure.Offset is null || failure.Offset <= offset, $"{name} at {offset}: {failure}");
    }

    /// <summary>Segments, a checkpoint, an anchor of retention, an introduced key, and the public key beside them.</summary>
    private static MemoryFolder MakeWithEverything(out IReadOnlyList<CheckpointKey> trusted)
    {
        var folder = new MemoryFolder();
        var settings = SmallLog.Settings with { KeepSegments = 2 };
        using (var store = SmallLog.Open(folder, settings))
        {
            SmallLog.Append(store, 24);
        }

        var keys = new LogKeys(SigningKey.Make(), SmallLog.Keys.Current);
        using (var store = SmallLog.Open(folder, settings with { KeepSegments = 3 }, keys))
        {
            SmallLog.Append(store, 12);
        }

        folder[LogNames.PublicKey] = System.Text.Encoding.ASCII.GetBytes(keys.Current.Public.Pem);
        trusted = SmallLog.Trusted;
        return folder;
    }
}
