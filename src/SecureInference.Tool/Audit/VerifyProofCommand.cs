using System.CommandLine;
using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit verify-proof</c>: checks a file that proves records, with nothing but a public key.</summary>
internal sealed class VerifyProofCommand(ToolConsole console)
{
    private const string Description = """
        Checks a file that 'audit prove' wrote, and shows the records that it proves. It needs no log and no network.
        """;

    private readonly Argument<string> _file = new("FILE") { Description = "The file with the proof." };
    private readonly Option<string[]> _publicKey = LogArguments.PublicKeyOption(isRequired: true);
    private readonly Option<bool> _json = LogArguments.JsonOption();

    public Command Create()
    {
        var command = new Command("verify-proof", Description) { _file, _publicKey, _json };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_file);
        var keys = LogArguments.ReadKeys(parsed.GetValue(_publicKey) ?? []);
        var proofs = ProofFile.TryParse(LogArguments.ReadText(file, ProofFile.MaxLength))
            ?? throw new RefusedException($"'{file}' is no proof, or was changed: it is not of the form that 'audit prove' writes.");

        // All are checked before any record is shown.
        var records = proofs.Select(proof => Check(file, proof, keys)).ToList();
        if (parsed.GetValue(_json))
        {
            using var lines = new RecordLines(console);
            records.ForEach(lines.Write);
            return ExitCode.Fine;
        }

        records.ForEach(new RecordView(console).Show);
        console.WriteLine("Proven: a holder of the key signed a log that has these records.");
        foreach (var checkpoint in proofs.Select(static proof => proof.Checkpoint.Checkpoint).DistinctBy(static checkpoint => checkpoint.Text))
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {checkpoint.Origin}, at {checkpoint.Size} records"));
        }

        console.WriteLine("Not proven: that the log holds no further record of the same request, or that its server recorded the truth.");
        return ExitCode.Fine;
    }

    private static AuditRecord Check(string file, InclusionProof proof, IReadOnlyList<CheckpointKey> keys)
    {
        if (!keys.Any(key => proof.Checkpoint.IsSignedBy(key) == true))
        {
            throw new RefusedException(keys.Any(key => proof.Checkpoint.IsSignedBy(key) == false)
                ? $"'{file}' proves nothing: the signature on its checkpoint is false. It was changed."
                : $"'{file}' proves nothing to you: its checkpoint is not signed by the key you gave. Ask for the right key, from somebody you trust.");
        }

        return !proof.Verify(keys)
            ? throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"'{file}' proves nothing: its record {proof.Sequence} is not in the tree that the checkpoint signs. The record or the proof was changed."))
            : AuditRecordReader.TryRead(proof.Record, proof.Sequence, out var record) is not { } problem ? record!
            : throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"Record {proof.Sequence} in '{file}' is proven, but cannot be read: {problem}. A newer version of the tool may read it."));
    }
}
