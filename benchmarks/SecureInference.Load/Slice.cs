namespace SecureInference.Load;

/// <summary>A server's part of one round.</summary>
/// <param name="Client">What the clients saw.</param>
/// <param name="ProcessorMicroseconds">The server's processor time for each request.</param>
/// <param name="ClientMicroseconds">The clients' processor time for each request, which the server lacks.</param>
/// <param name="RowsPerRun">The mean rows of a run.</param>
internal readonly record struct Slice(ClientSlice Client, double ProcessorMicroseconds, double ClientMicroseconds, double RowsPerRun);
