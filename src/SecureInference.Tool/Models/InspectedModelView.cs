using System.Globalization;
using SecureInference.Onnx.Admission.Summary;
using Spectre.Console;

namespace SecureInference.Tool.Models;

/// <summary>Shows a person what a model file holds: a table on a terminal, lines elsewhere.</summary>
internal sealed class InspectedModelView(ToolConsole console)
{
    private static readonly string[] Bytes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    private static readonly string[] Counts = ["", " k", " M", " G", " T", " P", " E"];

    public void Show(string path, InspectedModel model)
    {
        List<(string, string)> rows =
        [
            ("file", $"{path}, {Scale(model.Bytes, 1024, Bytes)}"),
            ("sha256", model.Sha256),
            ("made by", $"{(model.Producer.Length == 0 ? "unknown" : model.Producer)}, format {model.FormatVersion}"),
            .. model.OperatorSets.Select(static set => ("operator set", $"{set.Key} {set.Value}")),
            .. model.Inputs.Select(static input => ("input", Describe(input))),
            .. model.Outputs.Select(static output => ("output", Describe(output))),
            ("parameters", $"{Scale(model.Parameters, 1000, Counts)}, {Scale(model.ParameterBytes, 1024, Bytes)}"),
            ("nodes", $"{model.Nodes}{(model.Functions > 0 ? $", and {model.Functions} functions" : "")}"),
            .. model.Operators.OrderByDescending(static pair => pair.Value).Select(static pair => ("operator", $"{pair.Key} × {pair.Value}")),
            ("largest run", model is { RunBytes: { } bytes, RunFlops: { } flops }
                ? $"about {Scale(bytes, 1024, Bytes)} beside the parameters, {Scale(flops, 1000, Counts)}FLOP, with {model.RunRows} {(model.RunRows == 1 ? "row" : "rows")}"
                : "not estimated: 'model scan' says what is wrong"),
        ];
        if (console.IsPlain)
        {
            rows.ForEach(row => console.WriteLine($"{row.Item1,-13} {row.Item2}"));
            return;
        }

        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(decoration: Decoration.Dim), ShowHeaders = false };
        table.AddColumn(new TableColumn("") { NoWrap = true }).AddColumn("");
        var last = "";
        foreach (var (name, value) in rows)
        {
            table.AddRow(new Text(name == last ? "" : name, new Style(decoration: Decoration.Bold)), new Text(TerminalText.Clean(value)));
            last = name;
        }

        console.Write(table);
    }

    private static string Describe(SummaryValue value) => $"{value.Name}  {value.Type} [{string.Join(", ", value.Shape)}]";

    private static string Scale(double value, int step, string[] units)
    {
        var unit = 0;
        for (; value >= step && unit < units.Length - 1; unit++)
        {
            value /= step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#}{(units == Bytes ? " " : "")}{units[unit]}");
    }
}
