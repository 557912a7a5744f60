namespace SecureInference.Load.Peers;

/// <summary>What one slice of one round has shown.</summary>
/// <param name="Peer">The server.</param>
/// <param name="Form">The form of the body: JSON or binary.</param>
/// <param name="Connections">How many connections asked at once.</param>
/// <param name="Round">Which round it was.</param>
/// <param name="Answers">The answers.</param>
/// <param name="Failed">Those that were not 200.</param>
/// <param name="ProcessorMicroseconds">The server's processor time for each request, of its user's and the kernel's.</param>
/// <param name="Bytes">The bytes that the server has allocated for each request.</param>
/// <param name="RequestsPerSecond">The requests a second; the client shares the processors.</param>
/// <param name="Median">The median of the latencies, in microseconds.</param>
/// <param name="Percentile99">Their 99th percentile.</param>
internal sealed record PeerRow(
    string Peer,
    string Form,
    int Connections,
    int Round,
    int Answers,
    int Failed,
    double ProcessorMicroseconds,
    double Bytes,
    double RequestsPerSecond,
    double Median,
    double Percentile99);
