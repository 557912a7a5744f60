using System.Globalization;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;
using Spectre.Console;

namespace SecureInference.Tool.Keys;

/// <summary>Shows a key that was made, once, and how to use it.</summary>
internal sealed class CreatedKeyView(ToolConsole console)
{
    /// <param name="heading">What was done.</param>
    /// <param name="made">The key.</param>
    /// <param name="store">The store that it is in.</param>
    /// <param name="asJson">Whether a program reads the answer.</param>
    /// <param name="advice">What to do with it, a line each.</param>
    /// <param name="remedy">What to do about a key that could not be shown.</param>
    public int Show(string heading, CreatedKey made, string store, bool asJson, IEnumerable<string> advice, string remedy)
    {
        try
        {
            if (asJson)
            {
                console.WriteLine(JsonSerializer.Serialize(made, KeysJson.Default.CreatedKey));
            }
            else
            {
                ShowToAPerson(heading, made, store, advice);
            }

            return ExitCode.Fine;
        }
        catch (IOException exception)
        {
            throw new FileTroubleException($"The key {made.Id} was made, but could not be shown: {exception.Message.TrimEnd('.')}. {remedy}", exception);
        }
    }

    private void ShowToAPerson(string heading, CreatedKey made, string store, IEnumerable<string> advice)
    {
        var facts = Facts(made, store);
        if (console.IsPlain)
        {
            console.WriteLine($"{heading}.");
            foreach (var (name, value) in facts)
            {
                console.WriteLine($"  {name,-9}{value}");
            }
        }
        else
        {
            console.Write(Box(heading, facts));
        }

        console.WriteLine();
        console.WriteLine("This is the key. It is shown this once and kept nowhere: save it now.");
        console.WriteLine();
        console.WriteLine(made.Key);
        console.WriteLine();
        foreach (var line in advice)
        {
            console.WriteLine(line);
        }
    }

    private static List<(string Name, string Value)> Facts(CreatedKey made, string store)
    {
        var facts = new List<(string Name, string Value)> { ("id", made.Id), ("owner", made.Owner) };
        facts.AddRange(made.Scopes.Select(static (scope, index) => (index == 0 ? "may" : "", scope)));
        facts.AddRange(made.Networks.Select(static (network, index) => (index == 0 ? "from" : "", network)));
        facts.Add(("tier", made.Tier ?? "default"));
        if (made.Priority is { } priority)
        {
            facts.Add(("priority", priority.ToString(CultureInfo.InvariantCulture)));
        }

        facts.Add(("expires", made.Expires is { } expires ? Describe(expires) : "never"));
        if (made.Environment == ApiKey.Test)
        {
            facts.Add(("test", "yes: servers in Production refuse it"));
        }

        facts.Add(("store", store));
        return facts;
    }

    private static string Describe(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static Panel Box(string heading, List<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, value) in facts)
        {
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(TerminalText.Clean(value)));
        }

        return new Panel(grid)
        {
            Header = new PanelHeader(heading),
            Border = BoxBorder.Rounded,
            BorderStyle = new Style(Color.Green),
            Padding = new Padding(1, 0),
        };
    }
}
