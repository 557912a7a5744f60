using System.Globalization;
using SecureInference.Pipeline.Authentication.ApiKeys;
using Spectre.Console;

namespace SecureInference.Tool.Keys;

/// <summary>Shows a person the key that was made, and how to use it.</summary>
internal sealed class CreatedKeyView(ToolConsole console)
{
    public void Show(ApiKeyRow row, string key, string store)
    {
        var facts = Facts(row, store);
        if (console.IsPlain)
        {
            console.WriteLine("Key created.");
            foreach (var (name, value) in facts)
            {
                console.WriteLine($"  {name,-9}{value}");
            }
        }
        else
        {
            console.Write(Box(facts));
        }

        console.WriteLine();
        console.WriteLine("This is the key. It is shown this once and kept nowhere: save it now.");
        console.WriteLine();
        console.WriteLine(key);
        console.WriteLine();
        console.WriteLine("Send it in the header x-api-key, for example with curl:");
        console.WriteLine("  curl -H \"x-api-key: $KEY\" http://127.0.0.1:5080/v2");
    }

    private static List<(string Name, string Value)> Facts(ApiKeyRow row, string store)
    {
        var facts = new List<(string Name, string Value)> { ("id", row.Id), ("owner", row.Owner) };
        foreach (var scope in row.Scopes)
        {
            facts.Add((facts.Count == 2 ? "may" : "", scope));
        }

        facts.Add(("tier", row.Tier ?? "default"));
        facts.Add(("expires", row.Expires is { } expires ? expires.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "never"));
        if (row.Environment == ApiKey.Test)
        {
            facts.Add(("test", "yes: servers in Production refuse it"));
        }

        facts.Add(("store", store));
        return facts;
    }

    private static Panel Box(List<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, value) in facts)
        {
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(TerminalText.Clean(value)));
        }

        return new Panel(grid)
        {
            Header = new PanelHeader("Key created"),
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Green),
            Padding = new Padding(1, 0),
        };
    }
}
