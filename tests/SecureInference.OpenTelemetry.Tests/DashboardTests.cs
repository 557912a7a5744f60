using System.Text.Json;
using System.Text.RegularExpressions;
using SecureInference.TestSupport;

namespace SecureInference.OpenTelemetry.Tests;

public sealed partial class DashboardTests
{
    /// <summary>What Prometheus itself puts on each series.</summary>
    private static readonly string[] OwnLabels = ["le", "instance"];

    private static readonly JsonElement Dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Docs, "grafana-dashboard.json"))).RootElement;

    private static readonly Dictionary<string, string[]> Series = TelemetryPage.Metrics
        .SelectMany(static row => PrometheusNames.Of(row).Select(name => (name, row)))
        .ToDictionary(static series => series.name, static series => TelemetryPage.Names(series.row[3]));

    public static TheoryData<string> Queries =>
    [
        .. Dashboard.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString() ?? "")
            .Concat(Dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Where(static variable => variable.GetProperty("type").GetString() == "query")
                .Select(static variable => variable.GetProperty("query").GetProperty("query").GetString() ?? "")),
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Query_ItsSeriesAndLabels_AreOnesThatTheMetricsHave(string query)
    {
        var series = Metric.Matches(query).Select(static match => match.Value).Distinct().ToArray();
        var labels = Grouping.Matches(query).SelectMany(static match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))
            .Concat(Selector.Matches(query).Select(static match => match.Groups[1].Value)).Distinct();

        Assert.NotEmpty(series);
        Assert.All(series, static name => Assert.Contains(name, Series.Keys));
        Assert.All(labels, label => Assert.All(series, name => Assert.Contains(label, Series[name].Concat(OwnLabels))));
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public void Query_ItsParentheses_AreClosed(string query)
    {
        foreach (var (open, close) in new[] { ('(', ')'), ('{', '}'), ('[', ']') })
        {
            Assert.Equal(query.Count(letter => letter == open), query.Count(letter => letter == close));
        }

        // A counter is no curve by itself, and a gauge has no rate.
        Assert.All(Metric.Matches(query), match => Assert.Equal(
            match.Value.EndsWith("_total", StringComparison.Ordinal) || BelongsToAHistogram(match.Value), Rated.IsMatch(query)));
    }

    [Fact]
    public void Panels_EachStandsByItselfAndSaysWhatItShows()
    {
        var panels = Dashboard.GetProperty("panels").EnumerateArray().ToArray();

        Assert.Equal(panels.Length, panels.Select(static panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(panels.Length, panels.Select(static panel => panel.GetProperty("gridPos").ToString()).Distinct().Count());
        Assert.All(panels, static panel => Assert.NotEqual("", panel.GetProperty("title").GetString()));
        Assert.All(panels, static panel => Assert.NotEqual("", panel.GetProperty("description").GetString()));
    }

    [Theory]
    [InlineData("secure_inference_request_duration_seconds_bucket")]
    [InlineData("secure_inference_request_refused_total")]
    [InlineData("secure_inference_runtime_queue_time_seconds_bucket")]
    [InlineData("secure_inference_runtime_run_time_seconds_bucket")]
    [InlineData("secure_inference_runtime_batch_rows_sum")]
    [InlineData("secure_inference_runtime_lanes")]
    [InlineData("secure_inference_rate_limiting_tokens_taken_total")]
    [InlineData("secure_inference_audit_lag_seconds")]
    [InlineData("secure_inference_models_memory_bytes")]
    public void Panels_WhatAnOperatorLooksFor_IsThere(string series) =>
        Assert.Contains(Dashboard.GetProperty("panels").EnumerateArray(), panel => panel.ToString().Contains(series, StringComparison.Ordinal));

    private static bool BelongsToAHistogram(string series) =>
        series.EndsWith("_bucket", StringComparison.Ordinal) || series.EndsWith("_sum", StringComparison.Ordinal) || series.EndsWith("_count", StringComparison.Ordinal);

    [GeneratedRegex("secure_inference_[a-z_]+")]
    private static partial Regex Metric { get; }

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex Grouping { get; }

    [GeneratedRegex(@"([a-z_]+)(?:=~|!~|!=|=)""")]
    private static partial Regex Selector { get; }

    [GeneratedRegex(@"(rate|increase)\(")]
    private static partial Regex Rated { get; }
}
