using System.Globalization;

namespace SecureInference.Tool.Audit;

/// <summary>Draws requests over time: a column for each day, or for more days where there are many.</summary>
internal sealed class ColumnChart(IReadOnlyList<KeyValuePair<UsageKey, UsageCell>> days)
{
    private const int MaxColumns = 62;
    private const double Width = 1040;
    private const double Height = 260;
    private const double Left = 58;
    private const double Bottom = 26;
    private const double Top = 10;
    private static readonly int[] Spans = [1, 7, 30, 91, 365, 3650];

    /// <summary>Says what a column is.</summary>
    public string Unit => Span switch
    {
        1 => "day",
        7 => "week",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Span} days"),
    };

    private DateOnly First => days.Min(static day => day.Key.Day ?? DateOnly.MaxValue);

    private DateOnly Last => days.Max(static day => day.Key.Day ?? DateOnly.MinValue);

    private int Span => Array.Find(Spans, span => (Last.DayNumber - First.DayNumber) / span < MaxColumns) is > 0 and var span ? span : 366_000;

    public void Draw(Html html)
    {
        var first = First.DayNumber;
        var span = Span;
        var columns = new UsageCell[((Last.DayNumber - first) / span) + 1];
        for (var index = 0; index < columns.Length; index++)
        {
            columns[index] = new UsageCell();
        }

        foreach (var (key, cell) in days.Where(static day => day.Key.Day is not null))
        {
            columns[(key.Day!.Value.DayNumber - first) / span].Add(cell);
        }

        var most = columns.Max(static column => column.Requests);
        var step = StepOf(most);
        var top = Math.Max((most + step - 1) / step, 1) * step;
        html.Add($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Requests per {Unit}\">");
        Lines(html, top, step);
        var room = Math.Min((Width - Left) / columns.Length, 90);
        for (var index = 0; index < columns.Length; index++)
        {
            Column(html, columns[index], DateOnly.FromDayNumber(first + (index * span)), Left + (room * index), room, top, index % LabelEvery(columns.Length) == 0);
        }

        html.Raw("</svg>\n");
    }

    private static void Lines(Html html, long top, long step)
    {
        for (var value = 0L; value <= top; value += step)
        {
            var y = Y(value, top);
            html.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"{Left - 10}\" y=\"{y + 4}\" text-anchor=\"end\">{Short(value)}</text>");
        }
    }

    private static void Column(Html html, UsageCell cell, DateOnly day, double x, double room, long top, bool hasLabel)
    {
        var gap = Math.Min(room * 0.22, 12);
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        html.Add($"<g><title>{name}: {UsageText.Count(cell.Requests)} requests, {UsageText.Count(cell.Answered)} answered, {UsageText.Count(cell.Refused)} refused, {UsageText.Count(cell.Failed)} failed</title>");
        var below = 0L;
        foreach (var (style, count) in new[] { ("ok", cell.Answered), ("left", cell.Abandoned + cell.Open), ("refused", cell.Refused), ("failed", cell.Failed) })
        {
            if (count > 0)
            {
                var y = Y(below + count, top);
                html.Add($"<rect class=\"{style}\" x=\"{x + (gap / 2)}\" y=\"{y}\" width=\"{room - gap}\" height=\"{Math.Max(Y(below, top) - y, 0.8)}\"/>");
                below += count;
            }
        }

        if (hasLabel)
        {
            html.Add($"<text x=\"{x + (room / 2)}\" y=\"{Height - 6}\" text-anchor=\"middle\">{day.ToString("d MMM", CultureInfo.InvariantCulture)}</text>");
        }

        html.Raw("</g>\n");
    }

    private static double Y(long value, long top) => Top + ((Height - Bottom - Top) * (1 - (Math.Min(value, top) / (double)top)));

    private static int LabelEvery(int columns) => Math.Max((int)Math.Ceiling(columns / 14.0), 1);

    /// <summary>Four or five lines, at round numbers.</summary>
    private static long StepOf(long most)
    {
        var power = (long)Math.Pow(10, Math.Max(Math.Floor(Math.Log10(Math.Max(most, 1))), 0));
        long[] steps = [Math.Max(power / 5, 1), Math.Max(power / 2, 1), power, power * 2];
        return Array.Find(steps, step => step * 5 >= most) is > 0 and var found ? found : power * 2;
    }

    private static string Short(long value) => value switch
    {
        >= 1_000_000_000 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " G",
        >= 1_000_000 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 10_000 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k",
        _ => UsageText.Count(value),
    };
}
