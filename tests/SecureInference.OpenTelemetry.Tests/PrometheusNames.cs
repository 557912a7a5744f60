namespace SecureInference.OpenTelemetry.Tests;

/// <summary>What Prometheus calls the metrics: OpenTelemetry's rules of translation.</summary>
internal static class PrometheusNames
{
    /// <summary>Returns the series of a row of the metrics' table.</summary>
    public static IEnumerable<string> Of(string[] row)
    {
        var name = row[0].Trim('`').Replace('.', '_') + row[2] switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return row[1] switch
        {
            "histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            "counter" => [name + "_total"],
            _ => [name],
        };
    }
}
