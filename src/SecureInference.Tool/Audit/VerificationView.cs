using System.Globalization;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>Tells a person what was proven of a log, and what was not.</summary>
internal sealed class VerificationView(ToolConsole console)
{
    public void Show(LogVerification log, LogDiary diary, IReadOnlyList<Checkpoint> known)
    {
        console.WriteLine("The log verifies.");
        console.WriteLine();
        Fact("log", log.Origin);
        Fact("records", Text($"{log.Size - log.FirstSequence:N0}, of {diary.Requests:N0} requests; files: {log.Segments:N0}"));
        Fact("period", diary.First is { } first && diary.Last is { } last ? Text($"{first.UtcDateTime:yyyy-MM-dd HH:mm:ss} to {last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "no record");
        Fact("root", log.Checkpoint is { } newest ? Convert.ToBase64String(newest.Checkpoint.Root) : "none");
        console.WriteLine();
        Proven(log, known);
        NotProven(log, known);
        Says(diary);
    }

    private void Proven(LogVerification log, IReadOnlyList<Checkpoint> known)
    {
        console.WriteLine("Proven");
        Point(log.SignedSize > log.FirstSequence
            ? Text($"records {log.FirstSequence} to {log.SignedSize - 1} are as the key signed them: none changed, added, removed or swapped")
            : "that the log is empty");
        foreach (var checkpoint in known)
        {
            Point(Text($"the log goes on from the checkpoint you gave, of {checkpoint.Size} records"));
        }
    }

    private void NotProven(LogVerification log, IReadOnlyList<Checkpoint> known)
    {
        console.WriteLine("Not proven");
        if (log.Size > log.SignedSize)
        {
            Point(Text($"the {log.Size - log.SignedSize} records after the last checkpoint, from {log.SignedSize} on: no signature covers them yet"));
        }

        if (log.UnfinishedBytes > 0)
        {
            Point(Text($"{log.UnfinishedBytes} bytes at the end, which are no whole record: it is being written, or its process died (--finished makes that a failure)"));
        }

        if (log.FirstSequence > 0)
        {
            Point(Text($"what the {log.FirstSequence} records said that retention removed; that it was retention is signed"));
        }

        var least = Math.Max(log.SignedSize, known.Select(static checkpoint => checkpoint.Size).DefaultIfEmpty(0).Max());
        Point(Text($"that nothing came after the first {least} records: a log cut back to an older checkpoint looks like this one.") + (known.Count == 0
            ? " Only a checkpoint that was kept elsewhere shows a cut: give it with --checkpoint"
            : " The newer the checkpoint you give, the more it shows"));
        Point("that the server recorded the truth: who holds the key can write another history");
    }

    private void Says(LogDiary diary)
    {
        (long Count, string What)[] said =
        [
            (diary.Lost, Text($"records lost for lack of room: {diary.Lost:N0}")),
            (diary.Recoveries, Text($"recoveries after a crash: {diary.Recoveries:N0}, with {diary.BytesCut:N0} bytes cut into quarantine")),
            (diary.UncleanEnds, Text($"starts that no stop came before, as after a crash: {diary.UncleanEnds:N0}")),
            (diary.Erasures, Text($"erasures of payloads: {diary.Erasures:N0}")),
            (diary.Unreadable, Text($"records that this version cannot read, and a newer one may: {diary.Unreadable:N0}")),
        ];
        if (Array.Exists(said, static item => item.Count > 0))
        {
            console.WriteLine("The log says of itself");
            foreach (var (_, what) in said.Where(static item => item.Count > 0))
            {
                Point(what);
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Fact(string name, string value) => console.WriteLine($"  {name,-9}{value}");

    private void Point(string text) => console.WriteLine($"  - {text}.");
}
