using System.Globalization;

namespace SecureInference.Tool.Audit;

/// <summary>A report as one HTML page that needs nothing else: no script, no network, and a policy that allows neither.</summary>
internal sealed class ReportPage(UsageReport report, RecordsRead read, RecordFilter period, long unreadable, DateTimeOffset now)
{
    private const int MaxRows = 1_000;
    private readonly Html _html = new();
    private readonly UsageCell _total = report.Total();

    public override string ToString()
    {
        Head();
        Tiles();
        if (_total.Requests == 0)
        {
            _html.Raw("<section class=\"card\"><p class=\"empty\">No request of a known caller lies in this period.</p></section>\n");
        }
        else
        {
            Days();
            Pair("Callers", Names(UsageGrouping.Caller), "Models", Names(UsageGrouping.Model), "ok");
        }

        Pair("Refused, by rule", Rules(_total.Rules), "Refused strangers, by rule", Rules(report.Strangers), "refused");
        if (_total.Requests > 0)
        {
            Uses();
        }

        Foot();
        return _html.ToString();
    }

    private void Head()
    {
        _html.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        _html.Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-").Raw(ReportStyle.Hash).Raw("'; base-uri 'none'; form-action 'none'\">\n");
        _html.Raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Model use</title>\n<style>");
        _html.Raw(ReportStyle.Css).Raw("</style>\n</head>\n<body>\n<main>\n<header>\n<h1>Model use</h1>\n");
        _html.Add($"<p class=\"period\">{Period()}</p>");
        _html.Add($"<p class=\"badge {(read.IsVerified ? "verified" : "unverified")}\">{read.Summary}</p>");
        _html.Raw("</header>\n");
    }

    private void Tiles()
    {
        _html.Raw("<section class=\"tiles\">\n");
        Tile("Requests", UsageText.Count(_total.Requests), $"{UsageText.Count(_total.Rows)} rows");
        Tile("Answered", UsageText.Share(_total.Answered, _total.Requests), UsageText.Count(_total.Answered));
        Tile("Refused", UsageText.Count(_total.Refused), UsageText.Share(_total.Refused, _total.Requests));
        Tile("Failed", UsageText.Count(_total.Failed), UsageText.Share(_total.Failed, _total.Requests));
        Tile("Time to answer", UsageText.Time(_total.Percentile(0.5)), $"95 % within {UsageText.Time(_total.Percentile(0.95))}");
        Tile("Data in", UsageText.Bytes(_total.BytesIn), $"{UsageText.Bytes(_total.BytesOut)} out");
        _html.Raw("</section>\n");
    }

    private void Tile(string name, string value, string note) =>
        _html.Add($"<div class=\"tile\"><div class=\"name\">{name}</div><div class=\"value\">{value}</div><div class=\"note\">{note}</div></div>");

    private void Days()
    {
        var days = report.Group(UsageGrouping.Day, byDay: true);
        if (days.All(static day => day.Key.Day is null))
        {
            return;
        }

        var chart = new ColumnChart(days);
        _html.Add($"<section class=\"card\"><h2>Requests per {chart.Unit}</h2>");
        chart.Draw(_html);
        _html.Raw("<ul class=\"legend\">");
        foreach (var (style, name) in new[] { ("ok", "answered"), ("refused", "refused"), ("failed", "failed"), ("left", "left by the caller, or without an outcome") })
        {
            _html.Add($"<li><svg viewBox=\"0 0 10 10\"><rect class=\"{style}\" width=\"10\" height=\"10\" rx=\"2\"/></svg>{name}</li>");
        }

        _html.Raw("</ul></section>\n");
    }

    private void Pair(string first, IEnumerable<(string Name, long Count)> firstItems, string second, IEnumerable<(string Name, long Count)> secondItems, string style)
    {
        _html.Raw("<div class=\"pair\">\n");
        foreach (var (name, items) in new[] { (first, firstItems), (second, secondItems) })
        {
            _html.Add($"<section class=\"card\"><h2>{name}</h2>");
            BarChart.Draw(_html, items, style);
            _html.Raw("</section>\n");
        }

        _html.Raw("</div>\n");
    }

    private IEnumerable<(string Name, long Count)> Names(UsageGrouping grouping) => report.Group(grouping, byDay: false)
        .Select(group => (grouping == UsageGrouping.Caller ? UsageText.Caller(group.Key) : UsageText.Model(group.Key), group.Value.Requests));

    private static IEnumerable<(string Name, long Count)> Rules(IReadOnlyDictionary<string, long> rules) => rules.Select(static rule => (rule.Key, rule.Value));

    private void Uses()
    {
        var groups = report.Group(UsageGrouping.CallerAndModel, byDay: false);
        _html.Raw("<section class=\"card\"><h2>Who used what</h2><div class=\"scroll\">\n");
        new UsageTable(_html).Draw(groups.Take(MaxRows), _total);
        _html.Raw("</div>");
        if (groups.Count > MaxRows)
        {
            _html.Add($"<p class=\"empty\">{UsageText.Count(groups.Count - MaxRows)} more lines; 'audit report --csv' has them all.</p>");
        }

        _html.Raw("</section>\n");
    }

    private void Foot()
    {
        _html.Raw("<footer>\n");
        if (report.Lost > 0)
        {
            _html.Add($"<p>{UsageText.Count(report.Lost)} records were lost for lack of room; what they would have said is missing here.</p>");
        }

        if (unreadable > 0)
        {
            _html.Add($"<p>{UsageText.Count(unreadable)} records cannot be read by this version of the tool, and are not counted.</p>");
        }

        _html.Raw("<p>Refused: by a rule, before the model ran. Failed: let in, and answered with an error. Times are exact to about 6 %. Days are those of UTC.</p>\n");
        if (read.Verification is { } verification)
        {
            _html.Add($"<p>Log {verification.Origin}, {UsageText.Count(verification.SignedSize)} records signed.</p>");
        }

        _html.Add($"<p>Made {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC by secure-inference audit report.</p>");
        _html.Raw("</footer>\n</main>\n</body>\n</html>\n");
    }

    private string Period()
    {
        var from = period.Since ?? report.First;
        var to = period.Until ?? report.Last;
        return from is null || to is null ? "No records" : string.Create(CultureInfo.InvariantCulture, $"{from.Value.UtcDateTime:d MMMM yyyy, HH:mm} to {to.Value.UtcDateTime:d MMMM yyyy, HH:mm} UTC");
    }
}
