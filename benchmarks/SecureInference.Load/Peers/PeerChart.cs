using System.Globalization;
using SecureInference.Results;

namespace SecureInference.Load.Peers;

/// <summary>Draws a run's processor time as bars.</summary>
internal static class PeerChart
{
    public static string Draw(PeerResults results, string form, int connections) => BarChart.Draw(
        string.Create(CultureInfo.InvariantCulture, $"Processor time of a request, {form}, {connections} connections (µs)"),
        [.. results.Rows.Where(row => row.Form == form && row.Connections == connections).Select(static row => row.Peer).Distinct()
            .Select(peer => new Bar(
                peer,
                Math.Round(Numbers.Median(results.Of(peer, form, connections).Select(static row => row.ProcessorMicroseconds)), 1, MidpointRounding.AwayFromZero),
                peer.StartsWith("ours", StringComparison.Ordinal)))]);
}
