namespace SecureInference.Load;

/// <summary>What clients saw of a server for some seconds.</summary>
/// <param name="Answers">All answers, also those that came after the time was up.</param>
/// <param name="Failed">Those that were not 200.</param>
/// <param name="RowsPerSecond">Of the answers that came in time.</param>
/// <param name="Median">The median of their latencies, in microseconds.</param>
/// <param name="Percentile99">The 99th percentile.</param>
internal readonly record struct ClientSlice(int Answers, int Failed, double RowsPerSecond, double Median, double Percentile99);
