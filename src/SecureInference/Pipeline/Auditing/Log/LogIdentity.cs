using System.Globalization;
using System.Text;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Which log a folder holds, and when that was written down: a copy's file is younger.</summary>
internal sealed record LogIdentity(byte[] Id, long Birth)
{
    public const string OriginBeginning = "secure-inference/audit/";
    private const string Beginning = "secure-inference audit log 1 ";

    public string Hex => Convert.ToHexStringLower(Id);

    public string Origin => OriginOf(Id);

    public static string OriginOf(ReadOnlySpan<byte> id) => OriginBeginning + Convert.ToHexStringLower(id);

    /// <summary>Reads the identity; <see langword="null"/> where the file is not as it was written.</summary>
    public static LogIdentity? TryParse(byte[] bytes)
    {
        var lines = Encoding.ASCII.GetString(bytes).Split('\n');
        if (lines.Length != 4
            || !lines[0].StartsWith(Beginning, StringComparison.Ordinal)
            || lines[0].Length != Beginning.Length + (2 * SegmentHeader.LogIdLength)
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var birth))
        {
            return null;
        }

        // Written again: what has one form cannot be changed unseen.
        var id = new byte[SegmentHeader.LogIdLength];
        if (Convert.FromHexString(lines[0].AsSpan(Beginning.Length), id, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return null;
        }

        var identity = new LogIdentity(id, birth);
        return identity.ToBytes().AsSpan().SequenceEqual(bytes) ? identity : null;
    }

    public static LogIdentity Write(LogFolder folder, byte[] id)
    {
        var unfinished = LogNames.Identity + LogNames.UnfinishedEnding;
        if (folder.Exists(unfinished))
        {
            folder.Delete(unfinished);
        }

        using (var file = folder.Create(unfinished))
        {
            // A file's birth stays what it is when the file is renamed.
            var identity = new LogIdentity(id, folder.BirthOf(unfinished));
            file.Write(identity.ToBytes(), 0);
            file.Sync();
            folder.Rename(unfinished, LogNames.Identity);
            folder.Sync();
            return identity;
        }
    }

    private byte[] ToBytes()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Beginning}{Hex}\n{Birth}\n");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text}{Crc32C.Compute(Encoding.ASCII.GetBytes(text)):x8}\n"));
    }
}
