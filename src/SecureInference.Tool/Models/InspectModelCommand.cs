using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using SecureInference.Onnx.Admission;
using SecureInference.Onnx.Admission.Summary;

namespace SecureInference.Tool.Models;

/// <summary><c>model inspect</c>: shows what an ONNX file holds, and what a run of it takes.</summary>
internal sealed class InspectModelCommand(ToolConsole console)
{
    private const string Description = """
        Shows what an ONNX file holds: inputs, outputs, operators, parameters, and what the largest run is estimated to take.

        Nothing of the file is run, and no native code reads it. The estimate is for 32 rows where the first dimension varies, and for
        inputs of up to a million elements where others do.
        """;

    private readonly Argument<string> _path = new("PATH") { Description = "The model file." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON, for programs." };

    public Command Create()
    {
        var command = new Command("inspect", Description) { _path, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_path);
        var file = new ModelFile(console, path);
        var bytes = await file.ReadAsync(cancellationToken);
        var options = new ModelOptions { Admission = new AdmissionOptions { Policy = AdmissionPolicy.Standard } };
        var scan = ModelScan.Run(bytes, file.FindBeside(), options, mostOfOneRule: 1, cancellationToken);
        if (scan.Report.Refusals.FirstOrDefault(static finding => finding.Rule.Id.StartsWith("ONNX-B", StringComparison.Ordinal)) is { } broken)
        {
            throw new RefusedException($"The file '{path}' cannot be shown: {broken}");
        }

        var model = Describe(bytes, new SummaryReader(bytes).Read(), scan);
        if (parsed.GetValue(_json))
        {
            console.WriteLine(JsonSerializer.Serialize(model, ScanJson.Default.InspectedModel));
        }
        else
        {
            new InspectedModelView(console).Show(path, model);
        }

        return ExitCode.Fine;
    }

    private static InspectedModel Describe(byte[] bytes, ModelSummary summary, ScanResult scan) => new(
        bytes.LongLength,
        Convert.ToHexStringLower(SHA256.HashData(bytes)),
        summary.FormatVersion,
        summary.Producer,
        summary.Inputs,
        summary.Outputs,
        summary.OperatorSets,
        summary.Operators,
        summary.Nodes,
        summary.Functions,
        summary.Parameters,
        summary.ParameterBytes,
        scan.Cost?.Rows,
        scan.Cost?.PeakBytes,
        scan.Cost?.Flops);
}
