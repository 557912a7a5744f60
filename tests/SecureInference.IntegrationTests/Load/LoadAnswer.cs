namespace SecureInference.IntegrationTests.Load;

/// <summary>A request that was answered with 200.</summary>
/// <param name="Connection">The connection that it came on.</param>
/// <param name="Trace">The trace that its records carry.</param>
/// <param name="At">When the answer was read, as a time stamp.</param>
internal readonly record struct LoadAnswer(int Connection, string Trace, long At);
