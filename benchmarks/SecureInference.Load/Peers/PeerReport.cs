namespace SecureInference.Load.Peers;

/// <summary>Writes what a run has shown beside its slices: the tables and the charts.</summary>
internal static class PeerReport
{
    public const string Slices = "path.json";

    public static void Write(PeerResults results, string folder)
    {
        Directory.CreateDirectory(folder);
        results.Write(Path.Combine(folder, Slices));
        WriteTables(folder);
    }

    /// <summary>Makes tables and charts of the slices that a folder holds.</summary>
    public static void WriteTables(string folder)
    {
        var results = PeerResults.Read(Path.Combine(folder, Slices));
        var tables = PeerTables.Write(results);
        File.WriteAllText(Path.Combine(folder, "path.md"), "# The path of a request\n\n" + tables);
        foreach (var connections in results.Rows.Select(static row => row.Connections).Distinct())
        {
            File.WriteAllText(Path.Combine(folder, $"path-{connections}.svg"), PeerChart.Draw(results, PeerResults.Json, connections));
        }

        Console.WriteLine(tables);
    }
}
