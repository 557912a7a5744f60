using System.Text;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>Reads checkpoints that somebody kept: they count only where a trusted key signed them, or anybody could accuse a log.</summary>
internal static class KnownCheckpoint
{
    // Within a note an empty line comes before its signatures, never before an origin.
    private const string Separator = "\n\nsecure-inference/audit/";
    private const int MaxLength = 256 << 20;

    /// <returns>What is wrong with a file, or <see langword="null"/>.</returns>
    public static LogFailure? Read(AuditedFolder folder, IEnumerable<string> files, List<Checkpoint> known)
    {
        var trust = new Lazy<IReadOnlyList<CheckpointKey>>(() => folder.Reading(() => LogContents.Read(folder.Disk, folder.Trusted)).Trust.Keys);
        foreach (var file in files)
        {
            foreach (var note in Notes(LogArguments.ReadText(file, MaxLength)))
            {
                if (SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(note)) is not { } signed)
                {
                    return Failed(LogFailureKind.BadCheckpoint, file, "it is no checkpoint, or was changed.");
                }

                var signatures = trust.Value.Select(signed.IsSignedBy).ToArray();
                if (signatures.Contains(false) || !signatures.Contains(true))
                {
                    return signatures.Contains(false)
                        ? Failed(LogFailureKind.BadCheckpoint, file, "its signature is false.")
                        : Failed(LogFailureKind.UnknownKey, file, "no trusted key signed it.");
                }

                known.Add(signed.Checkpoint);
            }
        }

        return null;
    }

    /// <summary>Parts a list of checkpoints, as a copy's folder has it, at the empty line before each.</summary>
    private static IEnumerable<string> Notes(string text)
    {
        text = text.ReplaceLineEndings("\n");
        for (int start = 0, end; start < text.Length; start = end)
        {
            var next = text.IndexOf(Separator, start, StringComparison.Ordinal);
            end = next < 0 ? text.Length : next + 2;
            yield return text[start..end].TrimEnd('\n') + "\n";
        }
    }

    private static LogFailure Failed(LogFailureKind kind, string file, string what) => new(kind, $"the checkpoint in '{file}': {what}") { File = file };
}
