using System.Globalization;
using Spectre.Console;

namespace SecureInference.Tool.Keys;

/// <summary>Shows a person the keys of a store: a table on a terminal, a line a key elsewhere.</summary>
internal sealed class KeyListView(ToolConsole console, bool withLastUse)
{
    private readonly string[] _headings =
        [.. (string[])["id", "owner", "scopes", "networks", "tier", "environment", "created", "expires"], .. withLastUse ? (string[])["last use"] : [], "state"];

    public void Show(IReadOnlyList<ListedKey> keys)
    {
        if (console.IsPlain)
        {
            ShowLines(keys);
        }
        else
        {
            console.Write(Table(keys));
        }
    }

    private void ShowLines(IReadOnlyList<ListedKey> keys)
    {
        List<string[]> lines = [_headings, .. keys.Select(key => Cells(key, "yyyy-MM-ddTHH:mm:ssZ"))];
        var widths = _headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            console.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    // Scopes and networks stand below their owner: nine columns do not fit the eighty characters of a common terminal.
    private Table Table(IReadOnlyList<ListedKey> keys)
    {
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(decoration: Decoration.Dim) };
        foreach (var heading in (string[])["id", "owner, scopes", "tier", "env", "created", "expires", .. withLastUse ? (string[])["last use"] : [], "state"])
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = heading is not ("owner, scopes" or "tier"), Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var key in keys)
        {
            var cells = Cells(key, "yyyy-MM-dd");
            var below = key.Scopes.Concat(key.Networks.Select(static network => $"from {network}"))
                .Select(static line => new Text(TerminalText.Clean(line), new Style(decoration: Decoration.Dim)));
            var state = new Text(cells[^1], new Style(Describe(key.State).Color));
            table.AddRow([new Text(cells[0]), new Rows([new Text(cells[1]), .. below]), .. cells[4..^1].Select(static cell => new Text(cell)), state]);
        }

        return table;
    }

    private string[] Cells(ListedKey key, string timeFormat) =>
    [
        TerminalText.Clean(key.Id),
        TerminalText.Clean(key.Owner),
        TerminalText.Clean(string.Join(',', key.Scopes)),
        key.Networks.Count == 0 ? "-" : TerminalText.Clean(string.Join(',', key.Networks)),
        TerminalText.Clean(key.Tier ?? "-"),
        TerminalText.Clean(key.Environment),
        key.Created.ToString(timeFormat, CultureInfo.InvariantCulture),
        key.Expires?.ToString(timeFormat, CultureInfo.InvariantCulture) ?? "never",
        .. withLastUse ? (string[])[key.LastUse?.ToString(timeFormat, CultureInfo.InvariantCulture) ?? "-"] : [],
        Describe(key.State).Name,
    ];

    private static (string Name, Color Color) Describe(KeyState state) => state switch
    {
        KeyState.Active => ("active", Color.Green),
        KeyState.Rotating => ("rotating", Color.Aqua),
        KeyState.Suspended => ("suspended", Color.Yellow),
        KeyState.Expired => ("expired", Color.Yellow),
        KeyState.Ended => ("ended", Color.Red),
        KeyState.Revoked => ("revoked", Color.Red),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
