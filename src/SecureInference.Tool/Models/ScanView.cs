using SecureInference.Onnx.Admission;
using Spectre.Console;

namespace SecureInference.Tool.Models;

/// <summary>Shows a person what a scan found.</summary>
internal sealed class ScanView(ToolConsole console)
{
    private const int MostPlaces = 5;

    public void Show(string path, AdmissionPolicy policy, AdmissionReport report)
    {
        foreach (var group in report.Findings.OrderByDescending(static finding => finding.IsRefusal).GroupBy(static finding => finding.Rule))
        {
            ShowMark(group.First().IsRefusal);
            console.WriteLine($" {group.Key.Id}  {group.Key.Title}");
            foreach (var finding in group.Take(MostPlaces))
            {
                console.WriteLine($"         {finding.Place}: {finding.What}.");
            }

            if (group.Count() > MostPlaces)
            {
                console.WriteLine("         (and more places, which --json lists)");
            }

            console.WriteLine($"         {group.Key.Remedy}.");
            console.WriteLine();
        }

        var refusals = report.Refusals.DistinctBy(static finding => finding.Rule).Count();
        console.WriteLine(report.IsRefused
            ? $"Refused under the policy {policy}: '{path}' breaks {refusals} {(refusals == 1 ? "rule" : "rules")}."
            : $"Clean under the policy {policy}: a server would load '{path}'{(report.Findings.Count > 0 ? ", and the reports above are for you to judge" : "")}.");
    }

    private void ShowMark(bool isRefusal)
    {
        if (console.IsPlain)
        {
            console.Output.Write(isRefusal ? "refused " : "report  ");
        }
        else
        {
            console.Write(new Text(isRefusal ? "refused " : "report  ", new Style(isRefusal ? Color.Red : Color.Yellow)));
        }
    }
}
