using System.Text.Json;

namespace SecureInference.Tool.Keys;

/// <summary>Says what became of a key: in a sentence, or as <c>keys list --json</c> has it.</summary>
internal sealed class KeyChangeView(ToolConsole console)
{
    public int Show(RowChange change, DateTimeOffset now, bool asJson, string what)
    {
        var row = change.After;
        if (asJson)
        {
            console.WriteLine(JsonSerializer.Serialize(ListedKey.From(row, change.RevokedBefore, now), KeysJson.Default.ListedKey));
        }
        else
        {
            console.WriteLine($"Key {row.Id} of {row.Owner} {what}.{(change.IsNone ? "" : " Running servers follow within a second.")}");
        }

        return ExitCode.Fine;
    }
}
