using System.Globalization;

namespace SecureInference.Tool.Keys;

/// <summary>Shows a person one key, a fact a line.</summary>
internal sealed class KeyView(ToolConsole console)
{
    public void Show(ListedKey key, bool withLastUse)
    {
        Line("id", key.Id);
        Line("state", key.State.ToString().ToLowerInvariant());
        Line("owner", key.Owner);
        Lines("may", key.Scopes, "nothing");
        Lines("from", key.Networks, "anywhere");
        Line("tier", key.Tier ?? "default");
        Line("priority", key.Priority?.ToString(CultureInfo.InvariantCulture) ?? "none");
        Line("environment", key.Environment);
        Line("created", Describe(key.Created));
        Line("expires", Describe(key.Expires));
        LineIfAny("suspended", key.Suspended);
        LineIfAny("revoked", key.Revoked, key.State == KeyState.Ended ? ", with all secrets made until then; 'keys rotate' gives it a new one" : "");
        if (withLastUse)
        {
            Line("last use", key.LastUse is { } hour ? $"{hour.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture)}h UTC" : "not known");
        }

        foreach (var (index, secret) in (key.Secrets ?? []).Index())
        {
            var pepper = secret.Pepper is { } version ? $"pepper {version}" : "no pepper";
            Line($"secret {index + 1}", $"{(secret.Works ? "works" : "does not work")}, made {Describe(secret.Created)}, until {Describe(secret.Expires)}, {pepper}");
        }
    }

    private void Line(string name, string value) => console.WriteLine($"{name,-13}{value}");

    private void LineIfAny(string name, DateTime? time, string more = "")
    {
        if (time is not null)
        {
            Line(name, Describe(time) + more);
        }
    }

    private void Lines(string name, IReadOnlyList<string> values, string none)
    {
        foreach (var (index, value) in (values.Count == 0 ? [none] : values).Index())
        {
            Line(index == 0 ? name : "", value);
        }
    }

    private static string Describe(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "never";
}
