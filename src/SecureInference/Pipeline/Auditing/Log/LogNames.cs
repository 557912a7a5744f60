using System.Globalization;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What the files of a log are called.</summary>
internal static class LogNames
{
    public const string Lock = "lock";
    public const string Identity = "identity";
    public const string Checkpoint = "checkpoint";
    public const string Anchor = "anchor";
    public const string Key = "key.pem";
    public const string PublicKey = "key.pub.pem";
    public const string UnfinishedEnding = ".new";
    public const string IntroductionEnding = ".introduction";
    private const string KeyBeginning = "key-";
    private const string SegmentBeginning = "segment-";
    private const string OpenEnding = ".open";
    private const string SealedEnding = ".sealed";
    private const int Digits = 12;

    public static string OpenSegment(long number) => string.Create(CultureInfo.InvariantCulture, $"{SegmentBeginning}{number:D12}{OpenEnding}");

    public static string SealedSegment(long number) => string.Create(CultureInfo.InvariantCulture, $"{SegmentBeginning}{number:D12}{SealedEnding}");

    public static string Introduction(ReadOnlySpan<byte> fingerprint) => KeyBeginning + Convert.ToHexStringLower(fingerprint[..8]) + IntroductionEnding;

    public static bool IsIntroduction(string name) => name.StartsWith(KeyBeginning, StringComparison.Ordinal) && name.EndsWith(IntroductionEnding, StringComparison.Ordinal);

    /// <summary>Says whether a file belongs to one log, and moves with it; the lock and the key stay for the next log.</summary>
    public static bool IsOfOneLog(string name) => name is Identity or Checkpoint or Anchor
        || IsIntroduction(name)
        || name.StartsWith(SegmentBeginning, StringComparison.Ordinal)
        || name.StartsWith("quarantine-", StringComparison.Ordinal);

    /// <summary>Returns a name that no file has: a log may be cut at one place more than once.</summary>
    public static string Quarantine(LogFolder folder, long segment, long offset) =>
        Free(folder, string.Create(CultureInfo.InvariantCulture, $"quarantine-{segment:D12}-{offset}"));

    /// <summary>Returns the folder for a log that ends here; the identity is moved last, and without it the move did not end.</summary>
    public static string SetAside(LogFolder folder, string logId) => Free(folder, "log-" + logId, "/" + Identity);

    public static bool TryParseSegment(string name, out SegmentFile segment)
    {
        segment = default;
        var isSealed = name.EndsWith(SealedEnding, StringComparison.Ordinal);
        var ending = isSealed ? SealedEnding : OpenEnding;
        if (name.Length != SegmentBeginning.Length + Digits + ending.Length
            || !name.StartsWith(SegmentBeginning, StringComparison.Ordinal)
            || !name.EndsWith(ending, StringComparison.Ordinal)
            || !long.TryParse(name.AsSpan(SegmentBeginning.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        segment = new SegmentFile(number, isSealed);
        return number > 0;
    }

    private static string Free(LogFolder folder, string name, string sign = "")
    {
        var free = name;
        for (var number = 2; folder.Exists(free + sign); number++)
        {
            free = name + "-" + number.ToString(CultureInfo.InvariantCulture);
        }

        return free;
    }
}
