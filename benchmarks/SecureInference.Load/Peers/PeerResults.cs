using System.Text.Json;

namespace SecureInference.Load.Peers;

/// <summary>All slices of a run, as they are kept: tables and charts are made of them again at any time.</summary>
/// <param name="Date">The day.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Rows">The slices.</param>
internal sealed record PeerResults(string Date, string Machine, IReadOnlyList<PeerRow> Rows)
{
    public const string Json = "json";
    public const string Binary = "binary";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static PeerResults Read(string path) =>
        JsonSerializer.Deserialize<PeerResults>(File.ReadAllText(path), Options) ?? throw new InvalidDataException($"{path} holds no results.");

    // A row a line: changes of it can be read.
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Options).Replace("{\"peer\"", "\n{\"peer\"", StringComparison.Ordinal) + "\n");

    /// <summary>Finds the slices of a server, in the order of the rounds.</summary>
    public IReadOnlyList<PeerRow> Of(string peer, string form, int connections) =>
        [.. Rows.Where(row => row.Peer == peer && row.Form == form && row.Connections == connections).OrderBy(static row => row.Round)];
}
