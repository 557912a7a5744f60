using System.Collections.ObjectModel;
using SecureInference.Onnx.Admission.Checks;
using SecureInference.Onnx.Admission.Cost;
using SecureInference.Onnx.Admission.Reading;

namespace SecureInference.Onnx.Admission;

/// <summary>Searches a model file for what may harm whoever loads it; no native code is involved.</summary>
internal static class ModelScan
{
    /// <summary>As many findings of one rule as a log line carries.</summary>
    private const int FewFindings = 2;

    /// <summary>Refuses a file that breaks a rule.</summary>
    /// <exception cref="ModelLoadException">The file is refused; the message names the rules, the places and what to do.</exception>
    public static void Require(string model, ModelContent content, ModelOptions options, CancellationToken cancellationToken)
    {
        if (options.Admission.Policy == AdmissionPolicy.Off)
        {
            return;
        }

        var others = content.Files.ToDictionary(static file => file.Key, static file => file.Value.LongLength, StringComparer.Ordinal);
        var report = Run(content.Model, others, options, FewFindings, cancellationToken).Report;
        if (report.IsRefused)
        {
            var refusals = string.Join(" | ", report.Refusals);
            throw new ModelLoadException(
                $"Models:{model}: the file '{options.Path}' is refused before it is loaded, under the policy {options.Admission.Policy} (the options named here are those of Models:{model}:Admission). {refusals}");
        }
    }

    /// <summary>Searches a file.</summary>
    public static ScanResult Run(
        ReadOnlyMemory<byte> file,
        IReadOnlyDictionary<string, long>? others,
        ModelOptions options,
        int mostOfOneRule,
        CancellationToken cancellationToken)
    {
        var report = new AdmissionReport(options.Admission, mostOfOneRule);
        var subject = new ScanSubject(file, others ?? ReadOnlyDictionary<string, long>.Empty, options, report, cancellationToken);
        var counts = new StructureCheck(subject).Run();
        if (report.IsOver)
        {
            return new ScanResult(report, null);
        }

        var functions = FunctionTable.Read(subject);
        new HeaderCheck(subject).Run();
        new FunctionCheck(subject, functions).Run();
        new ModelWalk(subject, functions,
            [
                new OperatorCheck(subject, functions),
                new ControlFlowCheck(subject),
                new TensorCheck(subject),
                new SparseCheck(subject),
                new ExternalDataCheck(subject),
            ]).Run();
        if (!report.IsOver)
        {
            new NameCheck(subject, functions, counts).Run();
            new ContractCheck(subject).Run();
            new TextCheck(subject).Run();
        }

        // What is refused already is not estimated: tensors of wrong sizes and functions without an end would mislead it.
        return new ScanResult(report, report.IsOver || report.Findings.Any(static finding => finding.IsRefusal && finding.Rule.Weight == RuleWeight.Always)
            ? null
            : new CostCheck(subject, functions, counts).Run());
    }
}
