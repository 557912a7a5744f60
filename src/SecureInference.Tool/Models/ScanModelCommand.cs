using System.CommandLine;
using System.Text.Json;
using SecureInference.Onnx.Admission;

namespace SecureInference.Tool.Models;

/// <summary><c>model scan</c>: says whether a server would refuse a model file, and why.</summary>
internal sealed class ScanModelCommand(ToolConsole console)
{
    private const int MostOfOneRule = 20;

    private const string Description = """
        Searches an ONNX file for what may harm the server that loads it, as the server does before it loads one.

        Nothing of the file is run, and no native code reads it. Files in the model's folder count as listed in its signature; the server
        takes only those that are. Exit code 0: the server would load it. 1: it would refuse it.
        """;

    private readonly Argument<string> _path = new("PATH") { Description = "The model file." };
    private readonly Option<string> _policy = new("--policy") { Description = "strict or standard.", HelpName = "POLICY", DefaultValueFactory = static _ => "strict" };
    private readonly Option<string[]> _disable = new("--disable") { Description = "A rule that is reported instead of refusing, such as ONNX-D1; repeat it for more.", HelpName = "RULE" };
    private readonly Option<string[]> _domains = new("--allow-domain") { Description = "A domain of operators that is allowed, such as com.microsoft; repeat it for more.", HelpName = "DOMAIN" };
    private readonly Option<string[]> _operators = new("--allow-operator") { Description = "An operator that is allowed, such as com.microsoft:Gelu; repeat it for more.", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints JSON, for programs." };
    private readonly Option<bool> _sarif = new("--sarif") { Description = "Prints SARIF 2.1.0, for tools that collect findings." };

    public Command Create()
    {
        _policy.AcceptOnlyFromAmong("strict", "standard");
        var command = new Command("scan", Description) { _path, _policy, _disable, _domains, _operators, _json, _sarif };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_path);
        var options = ReadOptions(parsed);
        var file = new ModelFile(console, path);
        var bytes = await file.ReadAsync(cancellationToken);
        var scan = ModelScan.Run(bytes, file.FindBeside(), options, MostOfOneRule, cancellationToken);

        if (parsed.GetValue(_sarif))
        {
            console.WriteLine(SarifReport.Write(path, scan.Report));
        }
        else if (parsed.GetValue(_json))
        {
            var findings = scan.Report.Findings.Select(static finding => new ScannedFinding(finding.Rule.Id, finding.IsRefusal, finding.Place, finding.What, finding.Rule.Remedy));
            var scanned = new ScannedModel(path, parsed.GetRequiredValue(_policy), scan.Report.IsRefused, [.. findings], scan.Report.HasMore);
            console.WriteLine(JsonSerializer.Serialize(scanned, ScanJson.Default.ScannedModel));
        }
        else
        {
            new ScanView(console).Show(path, options.Admission.Policy, scan.Report);
        }

        return scan.Report.IsRefused ? ExitCode.Refused : ExitCode.Fine;
    }

    private ModelOptions ReadOptions(ParseResult parsed)
    {
        if (parsed.GetValue(_json) && parsed.GetValue(_sarif))
        {
            throw new WrongUsageException("--json and --sarif exclude each other. Remove one of them.");
        }

        var admission = new AdmissionOptions
        {
            Policy = Enum.Parse<AdmissionPolicy>(parsed.GetRequiredValue(_policy), ignoreCase: true),
            DisabledRules = [.. parsed.GetValue(_disable) ?? []],
            AllowedDomains = [.. parsed.GetValue(_domains) ?? []],
            AllowedOperators = [.. parsed.GetValue(_operators) ?? []],
        };
        if (admission.DisabledRules.FirstOrDefault(static rule => !AdmissionRules.All.TryGetValue(rule, out var known) || known.Weight is RuleWeight.Always or RuleWeight.Never) is { } unknown)
        {
            throw new WrongUsageException($"'{unknown}' is no rule that can be switched off. Write one that a refusal names, such as ONNX-D1.");
        }

        return admission.Problems("scan").FirstOrDefault() is { } problem ? throw new WrongUsageException(problem) : new ModelOptions { Admission = admission };
    }
}
