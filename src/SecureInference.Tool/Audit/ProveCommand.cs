using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SecureInference.Pipeline.Auditing.Log;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit prove</c>: puts one request's records into a file that proves them to somebody without the log.</summary>
internal sealed class ProveCommand(ToolConsole console)
{
    private const string Description = """
        Puts the records of one request into a file, with the proof that they are in the log that the newest checkpoint signs.

        The file holds these records and hashes, and nothing of anybody else's requests. Whoever has it and the public key checks it
        without the log: 'secure-inference audit verify-proof FILE --public-key PEM'. It is a C2SP tlog-proof for each record.
        """;

    private readonly LogArguments _log = new(needsKey: true);
    private readonly Option<string> _request = new("--request") { Description = "The request, by the id that its records have.", HelpName = "ID", Required = true };
    private readonly Option<string> _output = new("--output") { Description = "The file to write.", HelpName = "FILE", Required = true };

    public Command Create()
    {
        var command = new Command("prove", Description) { _request, _output };
        _log.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var id = parsed.GetRequiredValue(_request);
        if (!RequestName.TryParse(id, out _))
        {
            throw RequestId.Malformed(id);
        }

        var folder = _log.Open(parsed);
        var proofs = new RequestProver(folder, new LogProgress(console, folder)).Prove(id);
        if (proofs.Count == 0)
        {
            throw new RefusedException($"No record that a checkpoint signs is of the request {id}. Check the id; a record is signed about a second after it was written.");
        }

        var path = parsed.GetRequiredValue(_output);
        OutputFile.Write(path, folder, file => file.Append(ProofFile.Write(proofs)));
        Tell(parsed, new WrittenProof(id, [.. proofs.Select(static proof => proof.Sequence)], proofs[0].Checkpoint.Checkpoint.Origin, proofs[0].Checkpoint.Size, path));
        TellOfKey(folder, proofs[0]);
        return ExitCode.Fine;
    }

    private void Tell(ParseResult parsed, WrittenProof proof)
    {
        if (_log.IsJson(parsed))
        {
            console.WriteLine(JsonSerializer.Serialize(proof, AuditJson.Default.WrittenProof));
            return;
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"'{proof.File}' proves {proof.Records.Count} records of the request {proof.RequestId}: {string.Join(", ", proof.Records)}, of {proof.Size} that are signed."));
        console.WriteLine("Who has it checks it with 'secure-inference audit verify-proof FILE --public-key PEM', and needs the public key from elsewhere.");
    }

    private void TellOfKey(AuditedFolder folder, InclusionProof proof)
    {
        if (!proof.Verify(folder.Trusted))
        {
            console.Fail(ExitCode.Fine, "The newest checkpoint is signed by a key that yours introduced: whoever checks the proof needs that newer public key.");
        }
    }
}
