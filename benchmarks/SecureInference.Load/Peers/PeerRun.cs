using System.Globalization;
using SecureInference.Results;
using SecureInference.TestSupport;

namespace SecureInference.Load.Peers;

/// <summary>Measures the whole path of a request beside what others do for the same job: every server stays up, one at a time is under load, and rounds take turns.</summary>
internal sealed class PeerRun(LoadArguments arguments, CancellationToken cancellationToken)
{
    private static readonly int[] Connections = [16, 64];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public PeerResults Measure()
    {
        using var folder = new TestFolder();
        var peers = new List<Peer>();
        try
        {
            foreach (var setup in PeerSetup.All.Where(setup => arguments.Peer is not { } only || setup.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                if (Peer.TryStart(setup, folder.File(setup.Name)) is { } peer)
                {
                    peers.Add(peer);
                }
            }

            var rows = new List<PeerRow>();
            Round(peers, round: 0, WarmUp);
            for (var round = 1; round <= arguments.Rounds; round++)
            {
                rows.AddRange(Round(peers, round, TimeSpan.FromSeconds(arguments.Seconds)));
                Console.Error.WriteLine($"round {round} of {arguments.Rounds}");
            }

            var today = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return new PeerResults(today, Machine.Describe(), rows);
        }
        finally
        {
            peers.ForEach(static peer => peer.Dispose());
        }
    }

    private List<PeerRow> Round(List<Peer> peers, int round, TimeSpan time)
    {
        var rows = new List<PeerRow>();
        foreach (var connections in Connections)
        {
            foreach (var form in new[] { PeerResults.Json, PeerResults.Binary })
            {
                foreach (var peer in peers.Where(peer => form == PeerResults.Json || peer.SpeaksBinary))
                {
                    rows.Add(peer.Run(form, connections, round, time, cancellationToken));
                }
            }
        }

        return rows;
    }
}
